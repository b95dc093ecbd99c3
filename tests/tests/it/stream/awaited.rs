//! Streams whose items are awaited.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};

use background::{Background, BackgroundIter, BackgroundStream, promise, strategies, task};
use background_tests::{PATIENCE, within};
use futures_util::stream::FusedStream;
use futures_util::{FutureExt, StreamExt};

/// Runs a future on a thread of its own.
fn awaited<F>(future: F) -> F::Output
where
    F: Future<Output: Send> + Send + 'static,
{
    Background::join(task().dedicated().spawn_async(future))
}

#[test]
fn all_items_can_be_awaited() {
    within(|| {
        for look_ahead in [1, 2, 64] {
            let thread = task().look_ahead(look_ahead).stream(|| 0..500);
            let lazy = task().lazy().look_ahead(look_ahead).stream(|| 0..500);
            let inline = task().on(strategies::Inline).look_ahead(look_ahead).stream(|| 0..500);
            for stream in [thread, lazy, inline] {
                let items = awaited(BackgroundIter::into_stream(stream).collect::<Vec<u32>>());
                assert!(items.into_iter().eq(0..500));
            }
        }
    });
}

#[test]
fn an_item_wakes_who_awaits_it() {
    within(|| {
        let (promise, number) = promise::<u8>();
        let mut stream =
            BackgroundIter::into_stream(task().stream(move || [number].into_iter().map(|n| *n)));
        {
            let mut context = Context::from_waker(Waker::noop());
            let mut next = pin!(stream.next());
            assert_eq!(next.as_mut().poll(&mut context), Poll::Pending);
        }
        assert!(!stream.is_terminated());
        let awaiting = task().dedicated().spawn_async(async move {
            let first = stream.next().await;
            (first, stream.next().await, stream.is_terminated())
        });
        assert_eq!(promise.set(7), Ok(()));
        assert_eq!(awaiting, (Some(7), None, true));
    });
}

#[test]
fn failures_come_after_the_items_and_dropping_ends_the_producer() {
    struct Told(mpsc::Sender<()>);
    impl Drop for Told {
        fn drop(&mut self) {
            self.0.send(()).expect("the test listens");
        }
    }
    within(|| {
        let broken = || {
            (0..9).inspect(|n| {
                if *n == 2 {
                    resume_unwind(Box::new("boom"));
                }
            })
        };
        let caught = BackgroundIter::into_stream(task().catch().stream(broken));
        let items = awaited(caught.collect::<Vec<_>>());
        assert_eq!(items[..2], [Ok(0), Ok(1)]);
        assert!(items[2].as_ref().unwrap_err().is_panic() && items.len() == 3);

        let raised = BackgroundIter::into_stream(task().stream(broken));
        let payload = catch_unwind(AssertUnwindSafe(|| awaited(raised.count()))).unwrap_err();
        assert_eq!(payload.downcast_ref(), Some(&"boom"));

        let (sender, receiver) = mpsc::channel();
        let told = Told(sender);
        let endless = task().look_ahead(1).stream(move || {
            std::iter::repeat_with(move || {
                let _ = &told;
            })
        });
        let mut stream = BackgroundIter::into_stream(endless);
        let stream = awaited(async move {
            stream.next().await;
            stream
        });
        assert!(receiver.try_recv().is_err());
        drop(stream);
        assert_eq!(receiver.recv_timeout(PATIENCE), Ok(()));
    });
}

#[test]
fn it_can_be_turned_back() {
    within(|| {
        let mut stream = BackgroundIter::into_stream(task().look_ahead(2).stream(|| 0..100));
        let first = awaited(async move { (stream.next().await, stream) });
        assert_eq!(first.0, Some(0));
        assert!(BackgroundStream::into_inner(first.1).eq(1..100));
        let mut never = BackgroundIter::into_stream(task().lazy().stream(std::iter::empty::<u8>));
        let pending = never.next().now_or_never();
        assert!(matches!(pending, None | Some(None)));
        assert_eq!(BackgroundStream::into_inner(never).next(), None);
    });
}

#[cfg(target_os = "linux")]
#[test]
fn items_of_another_process_can_be_awaited() {
    within(|| {
        let stream = task().process().look_ahead(3).stream_with(|n: u32| 0..n, 500);
        let items = awaited(BackgroundIter::into_stream(stream).collect::<Vec<u32>>());
        assert!(items.into_iter().eq(0..500));
    });
}
