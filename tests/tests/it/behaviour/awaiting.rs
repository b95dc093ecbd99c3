//! Futures awaited, in an executor of a few lines.

use std::future::{IntoFuture, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use background::{Background, Failure, background, spawn, task};
use background_tests::{Gate, within};

/// Polls when it is woken, and only then.
fn run<F: Future>(future: F) -> F::Output {
    struct Notify(Mutex<Sender<()>>);
    impl Wake for Notify {
        fn wake(self: Arc<Self>) {
            // The last wake-up may come when nobody waits any more.
            let _ = self.0.lock().unwrap().send(());
        }
    }
    let (sender, receiver) = channel();
    let waker = Waker::from(Arc::new(Notify(sender.into())));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        receiver.recv().expect("the waker is kept");
    }
}

/// A waker that counts.
#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[background]
async fn sum(one: Background<u32>, other: Background<u32>) -> u32 {
    one.await + other.await
}

#[test]
fn an_async_function_runs_in_the_background() {
    within(|| {
        assert_eq!(sum(spawn(|| 1), spawn(|| 2)), 3);
        assert_eq!(run(async { sum(spawn(|| 3), task().dedicated().spawn(|| 4)).await }), 7);
    });
}

#[test]
fn awaited_by_value_and_by_reference() {
    within(|| {
        run(async {
            let future = spawn(|| String::from("text"));
            assert_eq!((&future).await, "text");
            assert_eq!(future.await, "text");
            assert_eq!(task().lazy().spawn(|| 5).await, 5);
            assert_eq!(task().inline().spawn(|| 6).await, 6);
            assert_eq!(task().timeout(std::time::Duration::MAX).spawn(|| 7).await, Ok(7));
            let failed = task().catch().spawn(|| -> u8 { panic!("on purpose") });
            assert!(failed.await.unwrap_err().is_panic());
        });
    });
}

#[test]
fn a_poll_never_blocks() {
    within(|| {
        for lazy in [false, true] {
            let gate = Gate::new();
            let inside = gate.clone();
            let body = move || {
                inside.pass();
                1
            };
            let future = if lazy { task().lazy().spawn(body) } else { spawn(body) };
            let mut awaited = pin!((&future).into_future());
            let waker = Waker::noop();
            assert!(awaited.as_mut().poll(&mut Context::from_waker(waker)).is_pending());
            gate.open();
            assert_eq!(run(awaited), &1);
        }
    });
}

/// Each of many waits with a waker of its own, and every one is woken.
#[test]
fn many_wakers() {
    within(|| {
        let gate = Gate::new();
        let inside = gate.clone();
        let future = spawn(move || {
            inside.pass();
            1
        });
        let counts: Vec<Arc<Count>> = (0..20).map(|_| Arc::default()).collect();
        let mut waiting: Vec<_> =
            counts.iter().map(|_| Box::pin((&future).into_future())).collect();
        for (awaited, count) in waiting.iter_mut().zip(&counts) {
            let waker = Waker::from(Arc::clone(count));
            assert!(awaited.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        // Half of them give up.
        waiting.truncate(10);
        gate.open();
        assert_eq!(future, 1);
        for (n, count) in counts.iter().enumerate() {
            let woken = || count.0.load(Ordering::SeqCst);
            if n < 10 {
                background_tests::until("the waker is woken", || woken() == 1);
            } else {
                assert_eq!(woken(), 0, "the waker of one that gave up");
            }
        }
        for awaited in waiting {
            assert_eq!(run(awaited), &1);
        }
    });
}

/// A task moves to another executor: only the last waker counts.
#[test]
fn the_last_waker_counts() {
    within(|| {
        let gate = Gate::new();
        let inside = gate.clone();
        let future = spawn(move || inside.pass());
        let mut awaited = pin!(future.into_future());
        let (old, new) = (Arc::new(Count::default()), Arc::new(Count::default()));
        for count in [&old, &new] {
            let waker = Waker::from(Arc::clone(count));
            assert!(awaited.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        gate.open();
        background_tests::until("the new waker is woken", || new.0.load(Ordering::SeqCst) == 1);
        assert_eq!(old.0.load(Ordering::SeqCst), 0);
        let () = run(awaited);
    });
}

#[test]
fn an_awaited_failure_is_raised() {
    within(|| {
        let future = spawn(|| -> u8 { panic!("on purpose") });
        let raised = std::thread::spawn(move || run(future.into_future())).join().unwrap_err();
        assert_eq!(raised.downcast_ref(), Some(&"on purpose"));
    });
}

/// The body of an asynchronous function that fails, is cancelled or times out.
#[background(catch, timeout = 20ms)]
async fn never() {
    poll_fn(|_| Poll::<()>::Pending).await;
}

#[test]
fn an_async_function_can_time_out() {
    within(|| assert_eq!(*never(), Err(Failure::Timeout)));
}

/// Wakes that come while the body polls, and before it sleeps, are not lost.
#[test]
fn an_async_function_hears_every_wake() {
    struct Yield(u32);
    impl Future for Yield {
        type Output = ();
        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
            if self.0 == 0 {
                return Poll::Ready(());
            }
            self.0 -= 1;
            if self.0 % 2 == 0 {
                context.waker().wake_by_ref();
            } else {
                let waker = context.waker().clone();
                Background::detach(spawn(move || waker.wake()));
            }
            Poll::Pending
        }
    }
    #[background]
    async fn yields(times: u32) -> u32 {
        Yield(times).await;
        times
    }
    within(|| {
        let futures: Vec<_> = (0..20).map(|_| yields(50)).collect();
        assert!(futures.iter().all(|future| *future == 50));
    });
}
