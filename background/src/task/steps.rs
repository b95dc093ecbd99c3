//! Running a body step by step, between other work of the same thread.
#![allow(unsafe_code)]

use std::fmt;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use crate::cell::outcome::Payload;
use crate::cell::waiters::{Key, Waiter};
use crate::failure::Failure;
use crate::sync::global::Ordering;
use crate::task::body::Ended;
use crate::task::frame::Frame;
use crate::task::job_ref::JobRef;
use crate::task::stopped::Stopped;
use crate::task::{Task, current, panics, timer};

/// Runs a body to its end, and then fills the outcome.
pub(crate) type Steps = Pin<Box<dyn Future<Output = ()>>>;

/// Polls a body until it has ended or has been told to stop, and drops it.
///
/// The job is the current task of the thread for as long as a poll, or the drop, takes. The claim is
/// the caller's.
pub(crate) async fn run<T, B>(job: &JobRef, body: B) -> Result<Result<T, Box<Ended>>, Payload>
where
    B: Future<Output = Result<T, Box<Ended>>>,
{
    let body = pin!(Some(body));
    let mut stepping = Stepping { job, body, watch: None };
    if job.is_timed() && !timer::start_clock(job) {
        return Ok(Err(Box::new(Ended { failure: Failure::Timeout, payload: None })));
    }
    poll_fn(|context| stepping.step(context)).await
}

struct Stepping<'a, B> {
    job: &'a JobRef,
    body: Pin<&'a mut Option<B>>,
    /// Who is woken when the task is told to stop.
    watch: Option<(Key, Waker)>,
}

impl<B> Stepping<'_, B> {
    fn step<T>(&mut self, context: &mut Context<'_>) -> Poll<Result<Result<T, Box<Ended>>, Payload>>
    where
        B: Future<Output = Result<T, Box<Ended>>>,
    {
        if !self.watch_stop(context.waker()) || self.job.core.is_stopped() {
            return Poll::Ready(Err(Box::new(Stopped)));
        }
        let polled = within(self.job, || {
            catch_unwind(AssertUnwindSafe(|| {
                // Ends what no timer watches.
                current::checkpoint();
                self.body.as_mut().as_pin_mut().map(|body| body.poll(context))
            }))
        });
        match polled {
            Ok(Some(Poll::Ready(ended))) => Poll::Ready(Ok(ended)),
            Ok(Some(Poll::Pending)) => Poll::Pending,
            Ok(None) => unreachable!("a body is there until it has ended"),
            Err(payload) => Poll::Ready(Err(payload)),
        }
    }

    /// Sees to it that a stop wakes this waker. `false` when the outcome is there already.
    fn watch_stop(&mut self, waker: &Waker) -> bool {
        let core = &self.job.core;
        match &mut self.watch {
            Some((_, known)) if known.will_wake(waker) => return true,
            Some((key, known)) => {
                if core.renew(*key, waker) {
                    known.clone_from(waker);
                    return true;
                }
                return false;
            }
            None => {}
        }
        let registered = core.register(Waiter::Waker(waker.clone()));
        self.watch = registered.ok().map(|key| (key, waker.clone()));
        self.watch.is_some()
    }
}

impl<B> Drop for Stepping<'_, B> {
    fn drop(&mut self) {
        if let Some((key, _)) = self.watch.take() {
            self.job.core.withdraw(key);
        }
        within(self.job, || panics::guarded("dropping an async body", || self.body.set(None)));
    }
}

/// Makes the job the current task while `part` runs, which does not unwind.
fn within<R>(job: &JobRef, part: impl FnOnce() -> R) -> R {
    // SAFETY: the reference keeps the job alive until the context is left, in this function.
    let _context = unsafe { current::enter(job.address()) };
    let frame = Frame::new(job.address());
    // SAFETY: as above.
    let on_top = unsafe { frame.enter() };
    let result = part();
    drop(on_top);
    // Between two steps no thread has it on its stack.
    // ORDERING: Relaxed, as where the runner is entered.
    job.runner.store(0, Ordering::Relaxed);
    result
}

/// A task that runs step by step, for executors: made by [`Task`]'s `into_future`.
///
/// Whoever polls it runs the body: an `async` one up to its next `.await` that is not ready, any
/// other one as a whole. It stays on one thread, as the body need not be `Send` once it has begun.
/// It is done when the outcome is there, or somebody else has run the body. Polling never panics
/// because of the body. Dropped before its end, it drops the body, whose task ends as
/// [`Failure::Lost`](crate::Failure::Lost).
///
/// ```
/// use background::{Background, Strategy, Task, task};
/// use std::cell::RefCell;
/// use std::future::{Future, IntoFuture};
/// use std::pin::Pin;
/// use std::task::{Context, Waker};
///
/// /// Keeps tasks for whoever polls them on this thread.
/// #[derive(Default)]
/// struct ByHand(RefCell<Vec<Pin<Box<background::TaskFuture>>>>);
///
/// impl Strategy for ByHand {
///     fn start(&self, task: Task) {
///         self.0.borrow_mut().push(Box::pin(task.into_future()));
///     }
/// }
///
/// let by_hand = ByHand::default();
/// let sum = task().on(&by_hand).spawn_async(async { 1 + 2 });
/// assert!(!Background::is_ready(&sum));
/// let mut routine = by_hand.0.borrow_mut().remove(0);
/// assert!(routine.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
/// assert_eq!(sum, 3);
/// ```
#[must_use = "a task that is dropped without being run is lost, and so is its caller's value"]
pub struct TaskFuture(Stage);

enum Stage {
    Waiting(Task),
    Running(Steps),
    Done,
}

impl IntoFuture for Task {
    type Output = ();
    type IntoFuture = TaskFuture;

    fn into_future(self) -> TaskFuture {
        TaskFuture(Stage::Waiting(self))
    }
}

impl Future for TaskFuture {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let polled = match std::mem::replace(&mut self.0, Stage::Done) {
            Stage::Done => return Poll::Ready(()),
            Stage::Waiting(task) if task.job().vtable.steps.is_none() => {
                task.run();
                return Poll::Ready(());
            }
            Stage::Waiting(task) => match task.into_job().claim_and_step() {
                Some(steps) => steps,
                None => return Poll::Ready(()),
            },
            Stage::Running(steps) => steps,
        };
        self.0 = Stage::Running(polled);
        let Stage::Running(steps) = &mut self.0 else { unreachable!("just written") };
        let done = steps.as_mut().poll(context);
        if done.is_ready() {
            self.0 = Stage::Done;
        }
        done
    }
}

impl fmt::Debug for TaskFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match &self.0 {
            Stage::Waiting(_) => "waiting",
            Stage::Running(_) => "running",
            Stage::Done => "done",
        };
        f.debug_tuple("TaskFuture").field(&format_args!("{stage}")).finish()
    }
}
