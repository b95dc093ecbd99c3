//! Tests of touches that take the task back from a queue of the thread's own.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use crate::task::host::{self, Host};
use crate::task::job_ref::JobRef;
use crate::{Background, Failure, Limit, Strategy, Task, Timeout, WhenFull, current, scope, task};

thread_local! {
    static QUEUE: RefCell<Vec<Task>> = const { RefCell::new(Vec::new()) };
}

/// Keeps every task on the thread that asked for it.
#[derive(Clone, Copy)]
struct Own;

impl Strategy for Own {
    fn start(&self, task: Task) {
        QUEUE.with_borrow_mut(|queue| queue.push(task));
    }

    fn claim_on_touch(&self) -> bool {
        true
    }
}

impl Host for Own {
    fn retract(&self, job: &JobRef) -> Option<Task> {
        QUEUE.with_borrow_mut(|queue| if queue.last()?.is_of(job) { queue.pop() } else { None })
    }

    fn blocking(&self) {}

    fn resumed(&self) {}
}

/// Runs `test` on a thread that has such a queue, which has to be empty in the end.
fn with_queue(test: impl FnOnce() + Send + 'static) {
    let (done, is_done) = channel::<()>();
    let tested = std::thread::spawn(move || {
        let _done = done;
        host::move_in(Rc::new(Own));
        test();
        assert!(QUEUE.with_borrow(Vec::is_empty), "a task was left over");
        host::move_out();
    });
    let patience = Duration::from_secs(60);
    let ended = is_done.recv_timeout(patience) == Err(RecvTimeoutError::Disconnected);
    assert!(ended, "the test hangs");
    tested.join().unwrap();
}

fn own() -> crate::Builder<std::convert::Infallible, Own> {
    task().on(Own)
}

/// Counts those that were dropped.
#[derive(Clone, Default)]
struct Dropped(Arc<AtomicUsize>);

impl Dropped {
    fn times(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

struct Value(Dropped);

impl Drop for Value {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn a_joined_value_is_dropped_once() {
    with_queue(|| {
        let (values, arguments) = (Dropped::default(), Dropped::default());
        let (value, argument) = (Value(values.clone()), Value(arguments.clone()));
        let joined = Background::join(own().spawn(move || {
            let _argument = argument;
            assert_eq!(current().unwrap().name(), "closure");
            value
        }));
        assert_eq!((values.times(), arguments.times()), (0, 1));
        drop(joined);
        assert_eq!(values.times(), 1);
        assert!(current().is_none());
    });
}

#[test]
fn a_touched_value_is_dropped_with_its_future() {
    with_queue(|| {
        let values = Dropped::default();
        let value = Value(values.clone());
        let future = own().spawn(move || value);
        assert_eq!(future.0.times(), 0);
        drop(future);
        assert_eq!(values.times(), 1);
    });
}

#[test]
fn nested_joins_take_back_what_is_theirs() {
    fn fib(n: u64) -> u64 {
        if n < 2 {
            return n;
        }
        let one = own().spawn(move || fib(n - 1));
        let other = own().spawn(move || fib(n - 2));
        other + one
    }
    with_queue(|| assert_eq!(fib(15), 610));
}

#[test]
fn a_task_below_others_is_claimed_where_it_is() {
    with_queue(|| {
        let first = own().spawn(|| 1);
        let second = own().spawn(|| 2);
        assert_eq!(Background::join(first), 1);
        assert_eq!(Background::join(second), 2);
        let left = QUEUE.take();
        assert!(left.iter().all(|task| !task.is_wanted()));
    });
}

#[test]
fn a_panic_is_raised_with_its_payload() {
    with_queue(|| {
        let failing = own().spawn(|| -> Value { std::panic::panic_any(7_u8) });
        let payload = catch_unwind(AssertUnwindSafe(|| Background::join(failing))).err().unwrap();
        assert_eq!(payload.downcast_ref(), Some(&7_u8));
        let caught = own().catch().spawn(|| -> u8 { panic!("caught, on purpose") });
        assert!(Background::join(caught).unwrap_err().is_panic());
    });
}

#[test]
fn what_was_cancelled_before_the_join_stays_so() {
    with_queue(|| {
        let arguments = Dropped::default();
        let argument = Value(arguments.clone());
        let cancelled = own().catch().spawn(move || drop(argument));
        Background::cancel(&cancelled);
        assert_eq!(arguments.times(), 1);
        assert_eq!(Background::join(cancelled), Err(Failure::Cancelled));
        QUEUE.take().into_iter().for_each(Task::run);
    });
}

#[test]
fn callbacks_come_before_the_join_returns() {
    with_queue(|| {
        let values = Dropped::default();
        let value = Value(values.clone());
        let future = own().spawn(move || value);
        let (calls, seen) = (Dropped::default(), Dropped::default());
        let (call, see) = (calls.clone(), seen.clone());
        Background::on_ready(&future, move |value| {
            call.0.fetch_add(1, Ordering::SeqCst);
            see.0.fetch_add(value.unwrap().0.times(), Ordering::SeqCst);
        });
        let joined = Background::join(future);
        assert_eq!((calls.times(), seen.times(), values.times()), (1, 0, 0));
        drop(joined);
        assert_eq!(values.times(), 1);
    });
}

#[test]
fn clocks_and_permits_work_as_everywhere() {
    static ONE: Limit = Limit::new(1);
    with_queue(|| {
        let late = own().deadline(Duration::ZERO).spawn(|| 1);
        assert!(late == Timeout);
        QUEUE.take().into_iter().for_each(Task::run);
        for n in 0..3 {
            let limited = own().limit(&ONE, WhenFull::Reject).spawn(move || (n, ONE.in_use()));
            assert_eq!(Background::join(limited), (n, 1));
            assert_eq!(ONE.in_use(), 0);
        }
    });
}

#[test]
fn a_scope_ends_after_its_joined_tasks() {
    with_queue(|| {
        let text = String::from("borrowed");
        let lengths = scope(|s| {
            let first = s.spawn_with(own(), || text.len());
            let second = s.spawn_with(own(), || text.as_str());
            (Background::join(second), Background::join(first))
        });
        assert_eq!(lengths, ("borrowed", 8));
    });
}
