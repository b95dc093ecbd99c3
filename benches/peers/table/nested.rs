//! A task that waits for a task that waits for a task …

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use background_harness::{Goal, Run, Workload, is_noting, note, threads};
#[cfg(feature = "forte")]
use background_peers::Forte;
use background_peers::{Background, Blocking, Peer, StdThread, TokioBlocking};

const LEVELS: u32 = 64;

/// How many threads there were before the first level.
static BEFORE: AtomicUsize = AtomicUsize::new(0);

fn nested<P: Peer>(levels: u32) -> u32 {
    if levels == 0 {
        if is_noting() {
            // ORDERING: Relaxed. Written by the thread that has started all this.
            let new = threads().saturating_sub(BEFORE.load(Ordering::Relaxed));
            note("new threads", f64::from(u32::try_from(new).unwrap_or(u32::MAX)));
        }
        return 0;
    }
    P::each(1, move |_| nested::<P>(levels - 1)) + 1
}

fn add<P: Peer>(workload: Workload<'_, u32>) -> Workload<'_, u32> {
    workload.prepared(P::NAME, || {
        P::all(8, |n| n);
        // ORDERING: Relaxed, as above.
        BEFORE.store(threads(), Ordering::Relaxed);
        || nested::<P>(LEVELS)
    })
}

/// The others are not here: with fewer threads than levels they wait for ever, or panic.
pub(crate) fn bench(run: &Run) {
    let title = "64 nested tasks that wait, in total";
    let workload = run.workload(title, 1, LEVELS).with_notes();
    let workload = add::<Background>(workload);
    #[cfg(feature = "forte")]
    let workload = add::<Forte>(workload);
    let workload = add::<TokioBlocking>(workload);
    let workload = add::<Blocking>(workload);
    add::<StdThread>(workload)
        .goal(Goal::within(Duration::from_micros(40)))
        .goal(Goal::noted("new threads", 0.0))
        .finish();
}
