//! Who waits for whom, so that a deadlock is found when its last member is about to sleep.
//!
//! # What is kept
//!
//! A job knows the thread that runs it (its *runner*, stored once when the body starts). A thread
//! that is about to sleep in a touch enters here what it waits for, and takes that back when it is
//! awake; both under one lock. A touch that does not sleep knows nothing of this, nor does a thread
//! that runs no task: nobody can wait for it.
//!
//! Entering and checking is one step under the lock. The check follows, from the job that is waited
//! for: its runner; what that thread waits for; that job's runner; and so on.
//!
//! # Where the way ends
//!
//! There is no deadlock when the way comes to
//!
//! * a job whose outcome is there, or is just being written;
//! * a job that has not started, or whose body is between two steps: a strategy has it. (A promise and
//!   a suspended routine are followed to their [`Keepers`], if they are known, and a job that a queue may
//!   try more than once to the try that is under way.)
//! * a job with a time limit, or a thread that gives up by itself, at its own or its task's limit:
//!   the limit ends the wait. Such waits are not entered at all;
//! * a thread that does not wait, as far as is entered here;
//! * a thread whose innermost task was told to stop: it is about to unwind.
//!
//! # The last one sees the whole circle
//!
//! Let some threads wait for each other in a circle. Each has entered, and one of them was the last
//! to do so. When it checked, under the lock, the others were entered; and the runner of every job on
//! a thread's stack was stored before that thread took the lock to enter. So it sees every step.
//!
//! # No false alarm
//!
//! Let the check come from thread T over job J to thread U: J's outcome was not there and nobody was
//! writing it, U was J's runner, and U was entered. Then J is on U's stack: a run ends with its
//! outcome there, or with somebody else writing it. To go on with J, U has to leave its wait, and for
//! that it needs the lock. Going round the circle: none of the members can have gone on by the time
//! the check is over, and none will. A cancel from outside could have helped later, as it could help
//! any task that waits for ever.
//!
//! # Nobody is stuck between two checks
//!
//! Whoever closes a circle opens it again before it lets go of the lock, by taking the right to fail
//! the job that it waits for. So whenever a thread enters, every set of threads that cannot go on
//! contains that thread: a circle which it only leads into is not there, or already being opened.
//! Then its touch sees the failure, unwinds its body with it, and the next member sees that.
//!
//! # More than one need
//!
//! A thread that polls an `async` body may wait for several jobs, any of which wakes it: it is stuck
//! when all of them are. The end of a scope needs all of the scope's tasks: it is stuck when one of
//! them is. As it cannot fail, the circle is opened at the member that waits for the scope's owner.
//! What to do with such needs is in [`follow`], which knows no threads.
//!
//! # What is not seen
//!
//! Waits for anything but tasks: channels, locks, permits of a [`Limit`](crate::Limit), and threads
//! that a body has started by itself. They are followed neither way, so they are no false alarm.
#![allow(unsafe_code)]

mod follow;
mod keepers;

use std::collections::BTreeMap;
use std::ptr::NonNull;
use std::sync::Arc;

use crate::cell::state::{FILLING, READY};
use crate::failure::{DeadlockMember, Failure};
use crate::sync::atomic::Ordering;
use crate::sync::{Mutex, lock};
use crate::task::current;
use crate::task::frame::{self, Frame, Place};
use crate::task::header::Header;
use crate::task::job_ref::{Borrowed, JobRef};
use follow::Needs;
pub(crate) use keepers::Keepers;
use keepers::Promises;

/// What a thread waits for while it sleeps.
pub(crate) enum Need<'a> {
    /// The outcome of this job.
    Touch(&'a JobRef, Place),
    /// The outcome of any of these jobs.
    Any(&'a [(JobRef, Place)]),
    /// The end of all bodies that belong to this scope.
    Scope(usize, Place),
}

/// A thread that sleeps.
struct Wait {
    need: Kept,
    /// The innermost frame of its stack.
    top: *const Frame,
    /// Telling its innermost task to stop does not end the wait.
    deaf: bool,
}

/// A [`Need`] in the graph. The jobs are alive: the thread that waits for them borrows them, and has
/// to take its entry back before it gives them up.
enum Kept {
    Touch(NonNull<Header>, Place),
    Any(Vec<(NonNull<Header>, Place)>),
    Scope(usize, Place),
}

// SAFETY: headers may be looked at from any thread. Frames are only looked at under the lock of the
// graph, while their thread is entered and so does not change them.
unsafe impl Send for Wait {}

struct Graph {
    /// By the number of the thread.
    waits: BTreeMap<usize, Wait>,
    promises: Promises,
}

/// Who cannot go on before others do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    /// A thread, by its number.
    Thread(usize),
    /// A promise, or a body between two steps, by its job's address.
    Promise(usize),
}

#[cfg(not(background_loom))]
static GRAPH: Mutex<Graph> = Mutex::new(Graph::new());

#[cfg(background_loom)]
crate::sync::lazy_static! {
    static ref GRAPH: Mutex<Graph> = Mutex::new(Graph::new());
}

/// Says who is to fulfil a promise, whose job has not started and is not handed to a strategy.
///
/// To be said before anybody waits for the promise, or by a task of itself: a circle that is closed
/// by this is not found.
pub(crate) fn keep(promise: &JobRef, keepers: Keepers) {
    let before = lock(&GRAPH).promises.keep(promise.clone(), keepers);
    // A reference may be the last one: its job is freed outside of the lock.
    drop(before);
}

/// Says what a body waits for that is between two steps: one of the [`Keepers::Awaits`].
///
/// Where that closes a circle, a job of it fails as [`Failure::Deadlock`], which may run callbacks.
pub(crate) fn suspend(body: &JobRef, awaits: Keepers) {
    let mut graph = lock(&GRAPH);
    let before = graph.promises.keep(body.clone(), awaits);
    let own = Node::Promise(body.address().addr().get());
    let found = graph.circle(own).and_then(|circle| graph.open(&circle));
    drop(graph);
    drop(before);
    if let Some((job, rights, failure)) = found {
        job.finish_resolve(rights, failure);
    }
}

/// Forgets what was said of a promise: it is kept, or nobody keeps it any more.
pub(crate) fn forget(promise: &JobRef) {
    let before = lock(&GRAPH).promises.forget(promise);
    drop(before);
}

/// This thread is entered, until dropped.
pub(crate) struct Waiting {
    thread: Option<usize>,
}

/// Says that this thread is about to sleep, with no limit but its task's being told to stop.
///
/// `None` when that would have been for ever: then a job that this thread waits for has just failed
/// as [`Failure::Deadlock`], or one that waits for this thread, and the caller looks again. That may
/// have run callbacks.
pub(crate) fn enter(need: &Need<'_>, stoppable: bool) -> Option<Waiting> {
    let top = frame::top();
    if top.is_null() {
        return Some(Waiting { thread: None });
    }
    let own = frame::thread();
    let need = match *need {
        Need::Touch(job, place) => Kept::Touch(job.address(), place),
        Need::Any(jobs) => {
            Kept::Any(jobs.iter().map(|(job, place)| (job.address(), *place)).collect())
        }
        Need::Scope(scope, place) => Kept::Scope(scope, place),
    };
    let mut graph = lock(&GRAPH);
    graph.waits.insert(own, Wait { need, top, deaf: !stoppable || !current::unwinds() });
    let found = graph.circle(Node::Thread(own)).and_then(|circle| graph.open(&circle));
    let Some((job, rights, failure)) = found else {
        return Some(Waiting { thread: Some(own) });
    };
    graph.waits.remove(&own);
    drop(graph);
    job.finish_resolve(rights, failure);
    None
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(thread) = self.thread {
            lock(&GRAPH).waits.remove(&thread);
        }
    }
}

/// One step of a circle: the job that is waited for, and where.
#[derive(Clone, Copy)]
struct Step {
    job: NonNull<Header>,
    place: Place,
    /// The wait ends when the job fails.
    opens: bool,
}

type Circle = Vec<(Node, Step)>;

impl Graph {
    const fn new() -> Self {
        Self { waits: BTreeMap::new(), promises: Promises::new() }
    }

    fn circle(&self, own: Node) -> Option<Circle> {
        follow::circle(own, |node| match node {
            Node::Thread(thread) => self.needs(thread),
            Node::Promise(address) => self.needs_of_promise(address),
        })
    }

    fn needs_of_promise(&self, address: usize) -> Needs<Node, Step> {
        let step = |job: &JobRef| {
            let job = job.address();
            Some((self.runner(job)?, Step { job, place: None, opens: true }))
        };
        match self.promises.of(address) {
            None => Needs::Nothing,
            Some((_, Keepers::Task(job) | Keepers::Attempt(job))) => match step(job) {
                Some((node, step)) => Needs::One(node, step),
                None => Needs::Nothing,
            },
            Some((_, Keepers::AllOf(jobs))) => {
                let left = jobs.iter().filter(|job| !job.core.is_ready());
                left.map(step).collect::<Option<_>>().map_or(Needs::Nothing, Needs::Any)
            }
            Some((_, Keepers::Awaits(jobs))) => {
                let step = |(job, place): &(JobRef, Place)| {
                    let (job, place) = (job.address(), *place);
                    Some((self.runner(job)?, Step { job, place, opens: true }))
                };
                jobs.iter().map(step).collect::<Option<_>>().map_or(Needs::Nothing, Needs::Any)
            }
            Some((_, Keepers::OneOf(jobs))) => {
                jobs.iter().map(step).collect::<Option<_>>().map_or(Needs::Nothing, Needs::Any)
            }
        }
    }

    fn needs(&self, thread: usize) -> Needs<Node, Step> {
        let Some(wait) = self.waits.get(&thread) else {
            return Needs::Nothing;
        };
        // SAFETY: the thread is entered, and we hold the lock.
        let innermost = unsafe { Frame::stack(wait.top) }.next();
        // SAFETY: as above.
        if !wait.deaf && innermost.is_some_and(|it| unsafe { it.job() }.core.is_stopped()) {
            return Needs::Nothing;
        }
        let step = |(job, place)| Some((self.runner(job)?, Step { job, place, opens: true }));
        match &wait.need {
            Kept::Touch(job, place) => match step((*job, *place)) {
                Some((runner, step)) => Needs::One(runner, step),
                None => Needs::Nothing,
            },
            Kept::Any(jobs) => jobs
                .iter()
                .copied()
                .map(step)
                .collect::<Option<_>>()
                .map_or(Needs::Nothing, Needs::Any),
            Kept::Scope(scope, place) => Needs::All(self.members_of(*scope, *place)),
        }
    }

    /// The threads that sleep in a body of this scope.
    fn members_of(&self, scope: usize, place: Place) -> Vec<(Node, Step)> {
        let bodies = self.waits.iter().flat_map(|(thread, wait)| {
            // SAFETY: the thread is entered, and we hold the lock.
            let frames = unsafe { Frame::stack(wait.top) }.filter(|it| it.scope() == scope);
            // SAFETY: as above.
            frames.map(|frame| (*thread, unsafe { frame.job() }.address()))
        });
        bodies
            .map(|(thread, job)| (Node::Thread(thread), Step { job, place, opens: false }))
            .collect()
    }

    /// Takes the right to fail a job that the circle hangs on: best the one that the thread which
    /// has closed it waits for.
    fn open(&self, circle: &Circle) -> Option<(JobRef, crate::task::job_ref::Rights, Failure)> {
        let (_, first) = circle.first()?;
        let step = if first.opens {
            *first
        } else {
            circle.iter().rev().map(|(_, step)| *step).find(|step| step.opens)?
        };
        let failure = Failure::Deadlock { cycle: self.report(circle) };
        // SAFETY: some thread that is entered waits for the job, and we hold the lock.
        let job = unsafe { JobRef::of(step.job) };
        let rights = job.begin_resolve()?;
        Some((job, rights, failure))
    }

    /// The tasks of the circle in words, the one that the last step leads to first.
    fn report(&self, circle: &Circle) -> Arc<[DeadlockMember]> {
        let mut members = Vec::new();
        let mut entry = circle.last().map(|(_, step)| step.job);
        for (node, step) in circle {
            let top = match node {
                Node::Thread(thread) => {
                    self.waits.get(thread).map_or(std::ptr::null(), |wait| wait.top)
                }
                Node::Promise(address) => {
                    let promise = self.promises.of(*address);
                    // Of a job and the try at it one is enough: they have the same name and number.
                    let promise = promise.filter(|it| !matches!(it.1, Keepers::Attempt(_)));
                    members.extend(promise.map(|(job, _)| {
                        DeadlockMember::new(job.call(), step.place, job.id().get())
                    }));
                    std::ptr::null()
                }
            };
            let first = members.len();
            let mut place = step.place;
            // SAFETY: the thread is entered, and we hold the lock.
            for frame in unsafe { Frame::stack(top) } {
                // SAFETY: as above.
                let job = unsafe { frame.job() };
                members.push(DeadlockMember::new(job.call(), place, job.id().get()));
                if Some(job.address()) == entry {
                    break;
                }
                // SAFETY: as above; `outer` of a frame on the stack is on it too.
                place = unsafe { frame.outer() }.and_then(|outer| outer.place_of(&job));
            }
            members[first..].reverse();
            entry = Some(step.job);
        }
        members.into()
    }

    /// Who would have to go on for the job's outcome to come; `None` where that is nobody who can be
    /// followed.
    fn runner(&self, job: NonNull<Header>) -> Option<Node> {
        let address = job.addr().get();
        // SAFETY: a thread that is entered, or a promise's entry, keeps the job alive, and the caller
        // holds the lock.
        let job = unsafe { Borrowed::new(job) };
        if job.core.state.read() & (READY | FILLING) != 0 || job.is_timed() {
            return None;
        }
        // ORDERING: Relaxed. If the runner sleeps and is entered, the lock orders its store before
        // this; if this misses the store, the runner was not entered.
        match job.runner.load(Ordering::Relaxed) {
            0 => self.promises.of(address).map(|_| Node::Promise(address)),
            runner => Some(Node::Thread(runner)),
        }
    }
}

#[cfg(all(test, not(background_loom)))]
mod tests {
    use std::sync::mpsc::channel;

    use super::{Keepers, forget, keep};
    use crate::handle::Background;
    use crate::strategy::Strategy;
    use crate::task::Task;
    use crate::task::job_ref::JobRef;

    /// Keeps what it is given, so that nobody runs it: as a promise does.
    struct Kept(std::sync::mpsc::Sender<Task>);

    impl Strategy for Kept {
        fn start(&self, task: Task) {
            self.0.send(task).expect("the test has the other end");
        }
    }

    /// A task waits for a promise that it is to keep itself, or that others keep who wait for it.
    #[test]
    fn a_promise_leads_to_its_keepers() {
        for nth in 0..3 {
            let (keeps, kept) = channel();
            let promise = crate::task().name("promise").on(Kept(keeps)).spawn(|| 1);
            let task = kept.recv().expect("it was started");
            let job = JobRef::clone(&promise.job());
            let (tells, told) = channel::<Background<u32>>();
            let keeper = crate::task().name("keeper").dedicated().spawn(move || {
                let promise = told.recv().expect("it is sent");
                Background::outcome(&promise).is_err_and(crate::Failure::is_deadlock)
            });
            let own = JobRef::clone(&keeper.job());
            let ready = JobRef::clone(&crate::task().inline().spawn(|| ()).job());
            keep(
                &job,
                match nth {
                    0 => Keepers::Task(own),
                    1 => Keepers::AllOf(vec![ready, own]),
                    _ => Keepers::OneOf(vec![own]),
                },
            );
            tells.send(promise).expect("it waits");
            assert_eq!(keeper, true);
            drop(task);
            forget(&job);
        }
    }

    /// Whoever has another way to be fulfilled is waited for.
    #[test]
    fn a_promise_that_somebody_else_may_keep_is_waited_for() {
        let (keeps, kept) = channel();
        let promise = crate::task().on(Kept(keeps)).spawn(|| 1);
        let task = kept.recv().expect("it was started");
        let job = JobRef::clone(&promise.job());
        let (tells, told) = channel::<Background<i32>>();
        let (comes, come) = channel();
        let keeper = crate::task().dedicated().spawn(move || {
            let promise = told.recv().expect("it is sent");
            comes.send(()).expect("the test listens");
            Background::join(promise)
        });
        let (held, holds) = channel::<()>();
        let other = crate::task().dedicated().spawn(move || holds.recv().is_err());
        let jobs = [JobRef::clone(&keeper.job()), JobRef::clone(&other.job())];
        keep(&job, Keepers::OneOf(jobs.into()));
        tells.send(promise).expect("it waits");
        come.recv().expect("it comes to its touch");
        task.run();
        assert_eq!(keeper, 1);
        forget(&job);
        drop(held);
        assert_eq!(other, true);
    }
}
