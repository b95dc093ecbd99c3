//! All of many.

use std::sync::Arc;

use crate::call::Builder;
use crate::cell::parker::Parker;
use crate::cell::state::SLOT;
use crate::combine::crew::waiting;
use crate::combine::keeping::Keeping;
use crate::combine::kept::Kept;
use crate::handle::Background;
use crate::handle::continuation::when_ended;
use crate::sentinel::Sentinel;
use crate::site::Site;
use crate::sync::global::{Mutex, lock};
use crate::task::job_ref::JobRef;
use crate::task::wait::{self, Release};
use crate::task::wait_graph::Keepers;
use crate::task::{Task, stack};

static SITE: Site = Site::new("join_all", "", "", 0);

/// Makes one future of many: that of all their values, in their order.
///
/// Returns at once. No thread waits while the parts run, unless somebody touches the new future:
/// that touches the parts, one after the other, so those that have not started run on the touching
/// thread. Lazy parts are started in the pool. Of no parts, the future is ready at once. Takes time
/// and memory in proportion to the number of parts.
///
/// As soon as one part has failed in a way that its sentinel has no value for, the new future fails
/// as a touch of that part does: with its panic, or with a message that names it. The other parts
/// are dropped then, and when the new future is cancelled: they run on, unless their `on_drop` says
/// otherwise.
///
/// Inherits the deadline of the current task, as every call does.
///
/// ```
/// use background::{Background, background, join_all};
///
/// #[background]
/// fn square(n: u64) -> u64 { n * n }
///
/// let squares = join_all((1..=4).map(square));
/// assert_eq!(*squares, [1, 4, 9, 16]);
///
/// // It can be given away unfinished, like any other future.
/// let sum = Background::then(squares, |squares| squares.iter().sum::<u64>());
/// assert_eq!(sum, 30);
/// ```
#[track_caller]
pub fn join_all<T, S>(
    parts: impl IntoIterator<Item = Background<T, S>>,
) -> Background<Vec<S::Yields<T>>>
where
    T: Send + 'static,
    S: Sentinel,
    S::Yields<T>: Send,
{
    let parts: Vec<_> = parts.into_iter().collect();
    let jobs: Vec<JobRef> = parts.iter().map(|part| JobRef::clone(&part.job())).collect();
    let state = State { left: jobs.len(), failed: None, task: None, touched: None };
    let joint = Arc::new(Joint { state: Mutex::new(state), keeping: Keeping::default() });
    let own = Arc::clone(&joint);
    let kept = Kept::claimable();
    let future = Builder::new(&SITE).on(&kept).spawn(move || own.collect(parts));
    let task = kept.take();
    if jobs.is_empty() {
        if let Some(task) = task {
            task.run();
        }
        return future;
    }
    joint.keeping.tell_parts(&future, &jobs, Keepers::AllOf);
    lock(&joint.state).task = task;
    for (index, job) in jobs.into_iter().enumerate() {
        let (joint, part) = (Arc::clone(&joint), job.clone());
        when_ended(&job, move || {
            // Without a slot, a touch of the part panics.
            let failed = part.core.state.read() & SLOT == 0;
            joint.ended(failed.then_some(index));
        });
    }
    future
}

/// What the parts tell the whole.
struct Joint {
    state: Mutex<State>,
    keeping: Keeping,
}

struct State {
    left: usize,
    /// The first part that was seen to fail.
    failed: Option<usize>,
    /// Until it is time to run it.
    task: Option<Task>,
    /// The bed of the thread that has claimed the body.
    touched: Option<Arc<Parker>>,
}

impl Joint {
    /// One part has ended; with its index, it has failed.
    fn ended(&self, failed: Option<usize>) {
        let mut state = lock(&self.state);
        state.left -= 1;
        let done = state.left == 0 && state.failed.is_none();
        if let Some(index) = failed {
            if state.failed.is_some() {
                return;
            }
            state.failed = Some(index);
            if let Some(parker) = &state.touched {
                parker.unpark();
                return;
            }
        } else if !done {
            // Those that are left may not be able to go on before their toucher does.
            if let Some(parker) = state.touched.as_ref().filter(|_| state.left <= Release::MANY) {
                parker.unpark();
            }
            return;
        }
        let Some(task) = state.task.take() else { return };
        drop(state);
        // To collect values takes no time. To drop the other parts, after a failure, may take any:
        // that is not for a thread that happened to end a part. Nor may a long chain of such
        // futures, each a part of the next, overflow the stack.
        if failed.is_none() && stack::has_room() {
            task.run();
        } else {
            task.offload();
        }
    }

    fn failed(&self) -> Option<usize> {
        lock(&self.state).failed
    }

    /// The body: touches the parts in their order, or the one that has failed.
    fn collect<T, S: Sentinel>(&self, mut parts: Vec<Background<T, S>>) -> Vec<S::Yields<T>> {
        lock(&self.state).touched = Some(Parker::of_this_thread());
        for index in 0..parts.len() {
            let release =
                Release { holds: &|| self.failed().is_some(), jobs: &|| waiting(&parts[index..]) };
            wait::until_ready_unless(&parts[index].job(), &release);
            if let Some(failed) = self.failed() {
                Background::join(parts.swap_remove(failed));
                unreachable!("a touch of a part that has failed panics");
            }
        }
        parts.into_iter().map(Background::join).collect()
    }
}
