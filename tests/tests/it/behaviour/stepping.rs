//! Tasks that somebody runs step by step.

use std::cell::RefCell;
use std::future::{Future, IntoFuture, pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use background::{
    Background, Cancel, Failure, Strategy, Task, TaskFuture, Timeout, background, current, task,
};

/// Keeps tasks for whoever steps them.
#[derive(Default)]
struct ByHand(RefCell<Vec<Pin<Box<TaskFuture>>>>);

impl Strategy for ByHand {
    fn start(&self, task: Task) {
        self.0.borrow_mut().push(Box::pin(task.into_future()));
    }
}

impl ByHand {
    fn step(&self) -> Poll<()> {
        self.step_with(Waker::noop())
    }

    fn step_with(&self, waker: &Waker) -> Poll<()> {
        let mut task = self.0.borrow_mut().pop().expect("there is a task");
        let polled = task.as_mut().poll(&mut Context::from_waker(waker));
        self.0.borrow_mut().push(task);
        polled
    }
}

/// Pending once.
async fn step() {
    let mut is_second = false;
    poll_fn(
        |_| if std::mem::replace(&mut is_second, true) { Poll::Ready(()) } else { Poll::Pending },
    )
    .await;
}

struct Told(mpsc::Sender<Option<String>>);

impl Drop for Told {
    fn drop(&mut self) {
        let name = current().map(|current| current.name().to_owned());
        self.0.send(name).expect("the test listens");
    }
}

#[test]
fn an_async_body_goes_from_await_to_await() {
    let by_hand = ByHand::default();
    let (sender, receiver) = mpsc::channel();
    let sum = task().name("steps").on(&by_hand).spawn_async(async move {
        for n in 0..3 {
            sender.send((n, current().map(|current| current.name().to_owned()))).unwrap();
            step().await;
        }
        7
    });
    for n in 0..3 {
        assert_eq!(by_hand.step(), Poll::Pending);
        assert_eq!(receiver.try_recv(), Ok((n, Some("steps".to_owned()))));
        assert!(receiver.try_recv().is_err());
        assert!(current().is_none());
    }
    assert_eq!(by_hand.step(), Poll::Ready(()));
    assert_eq!(sum, 7);
}

#[test]
fn the_attribute_makes_steps_of_an_async_fn() {
    thread_local!(static BY_HAND: ByHand = ByHand::default());
    struct OfThisThread;
    impl Strategy for OfThisThread {
        fn start(&self, task: Task) {
            BY_HAND.with(|it| it.start(task));
        }
    }
    #[background(on = OfThisThread)]
    async fn double(n: u32) -> Result<u32, std::num::ParseIntError> {
        step().await;
        Ok(2 * n + "0".parse::<u32>()?)
    }

    let doubled = double(4);
    assert!(BY_HAND.with(ByHand::step).is_pending());
    assert!(BY_HAND.with(ByHand::step).is_ready());
    assert_eq!(*doubled, Ok(8));
}

#[test]
fn any_other_body_is_one_step() {
    let by_hand = ByHand::default();
    let seven = task().on(&by_hand).spawn(|| 7);
    assert!(by_hand.step().is_ready());
    assert_eq!(seven, 7);
}

#[test]
fn a_cancelled_one_is_woken_and_dropped_where_it_is_stepped() {
    struct Counted(AtomicUsize);
    impl Wake for Counted {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    let by_hand = ByHand::default();
    let (sender, receiver) = mpsc::channel();
    let endless = task().name("endless").on(&by_hand).spawn_async(async move {
        let _told = Told(sender);
        pending::<u32>().await
    });
    let counted = Arc::new(Counted(AtomicUsize::new(0)));
    let waker = Waker::from(Arc::clone(&counted));
    assert!(by_hand.step_with(&waker).is_pending());
    assert!(by_hand.step_with(&waker).is_pending());
    let endless = std::thread::spawn(move || {
        assert_eq!(Background::cancel(&endless), Cancel::Stopping);
        endless
    });
    let endless = endless.join().expect("it can be cancelled from anywhere");
    assert_eq!(Background::outcome(&endless), Err(&Failure::Cancelled));
    assert_eq!(counted.0.load(Ordering::SeqCst), 1);
    assert!(receiver.try_recv().is_err(), "it is dropped at its next step");
    assert!(by_hand.step_with(&waker).is_ready());
    assert_eq!(receiver.try_recv(), Ok(Some("endless".to_owned())));
}

#[test]
fn one_that_is_dropped_is_lost() {
    let by_hand = ByHand::default();
    let (sender, receiver) = mpsc::channel();
    let lost = task().on(&by_hand).spawn_async(async move {
        let _told = Told(sender);
        pending::<u32>().await
    });
    assert!(by_hand.step().is_pending());
    drop(by_hand);
    assert!(receiver.try_recv().is_ok(), "its locals are dropped");
    assert_eq!(Background::outcome(&lost), Err(&Failure::Lost));
    let by_hand = ByHand::default();
    let lost = task().on(&by_hand).spawn_async(async { 1 });
    drop(by_hand);
    assert_eq!(Background::outcome(&lost), Err(&Failure::Lost));
}

#[test]
fn panics_and_limits_end_it_as_any_other() {
    let by_hand = ByHand::default();
    let failed = task().on(&by_hand).spawn_async(async {
        step().await;
        std::panic::resume_unwind(Box::new("boom"));
    });
    assert!(by_hand.step().is_pending());
    assert!(by_hand.step().is_ready());
    let payload = catch_unwind(AssertUnwindSafe(|| Background::join(failed))).unwrap_err();
    assert_eq!(payload.downcast_ref(), Some(&"boom"));

    let never = task().timeout(Duration::ZERO).on(&by_hand).spawn_async(async { 1 });
    assert!(by_hand.step().is_ready());
    assert!(never == Timeout);

    let (sender, receiver) = mpsc::channel();
    let late = task().timeout(Duration::from_millis(1)).on(&by_hand).spawn_async(async move {
        let _told = Told(sender);
        pending::<u32>().await
    });
    assert!(by_hand.step().is_pending());
    assert!(late == Timeout);
    assert!(by_hand.step().is_ready());
    assert!(receiver.try_recv().is_ok());
}
