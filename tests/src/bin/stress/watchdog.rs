//! Ends the program when nothing happens any more.

use std::process::exit;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::account::Account;

/// Only a hang takes so long, even with a sanitizer on a busy machine.
const PATIENCE: u32 = 60;

/// A thread that watches the progress.
///
/// Told to stop by a flag and an `unpark`: what a channel of std orders is hidden from the thread
/// sanitizer.
#[derive(Debug)]
pub(crate) struct Watchdog {
    stopped: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Watchdog {
    pub(crate) fn start(account: &Arc<Account>) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        let (account, told) = (Arc::clone(account), Arc::clone(&stopped));
        let thread = thread::spawn(move || {
            let (mut before, mut still) = (0, 0);
            while !pause(&told) {
                let now = account.progress();
                still = if now == before { still + 1 } else { 0 };
                before = now;
                if still == PATIENCE {
                    eprintln!(
                        "HANG: nothing has happened for {PATIENCE} s; {} tasks and {} values are \
                         left\n{account}",
                        account.under_way(),
                        account.values_left(),
                    );
                    exit(3);
                }
            }
        });
        Self { stopped, thread }
    }

    pub(crate) fn stop(self) {
        // ORDERING: Relaxed. The flag stands for itself, and `unpark` orders it.
        self.stopped.store(true, Ordering::Relaxed);
        self.thread.thread().unpark();
        self.thread.join().expect("the watchdog only watches");
    }
}

/// Waits for a second. `true` when told to stop.
fn pause(stopped: &AtomicBool) -> bool {
    let end = Instant::now() + Duration::from_secs(1);
    loop {
        // ORDERING: Relaxed, as above.
        if stopped.load(Ordering::Relaxed) {
            return true;
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        thread::park_timeout(left);
    }
}
