//! What a contender notes beside its time: threads, memory, whatever the workload is about.

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Notes are wanted: this process takes no times.
static NOTING: AtomicBool = AtomicBool::new(false);

static NOTES: Mutex<BTreeMap<&'static str, f64>> = Mutex::new(BTreeMap::new());

/// The contender may take notes now, and all the time it wants: the clock does not run.
pub fn is_noting() -> bool {
    // ORDERING: Relaxed. Set before the contender starts anything, on the thread that starts it.
    NOTING.load(Ordering::Relaxed)
}

/// Notes a figure; of figures with the same label the largest counts. Does nothing unless notes are
/// [wanted](is_noting).
///
/// The label is what is printed after the number, such as `threads`.
pub fn note(label: &'static str, value: f64) {
    if is_noting() {
        let mut notes = NOTES.lock().unwrap_or_else(PoisonError::into_inner);
        let largest = notes.entry(label).or_insert(value);
        *largest = largest.max(value);
    }
}

/// How many threads this process has; 0 where the system does not say.
pub fn threads() -> usize {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is the program's name in parentheses, with whatever is in it.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    fields.split_whitespace().nth(17).and_then(|it| it.parse().ok()).unwrap_or(0)
}

/// Does the work and notes, if notes are wanted, how many threads there were at most meanwhile
/// beside the one that called.
pub fn note_threads<T>(label: &'static str, work: impl FnOnce() -> T) -> T {
    if !is_noting() {
        return work();
    }
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            // ORDERING: Relaxed. Nothing but the flag itself is looked at.
            while !done.load(Ordering::Relaxed) {
                // Neither the caller nor this thread.
                #[allow(clippy::cast_precision_loss, reason = "there are not that many threads")]
                note(label, threads().saturating_sub(2) as f64);
                thread::sleep(Duration::from_millis(1));
            }
        });
        let result = work();
        // ORDERING: Relaxed, as above.
        done.store(true, Ordering::Relaxed);
        result
    })
}

/// From now on notes are wanted.
pub(crate) fn begin() {
    // ORDERING: Relaxed, see `is_noting`.
    NOTING.store(true, Ordering::Relaxed);
}

/// All notes.
pub(crate) fn taken() -> BTreeMap<&'static str, f64> {
    NOTES.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
