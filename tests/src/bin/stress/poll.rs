//! A small executor. It sleeps until it is woken: bodies use it too, and a pool does not replace a
//! thread that spins.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use crate::delay;

/// Somebody has woken this thread.
struct Flag(AtomicBool, Thread);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
        self.1.unpark();
    }
}

/// Polls whenever it was woken. Gives up after so many polls.
pub(crate) fn poll<F: Future>(future: F, most: usize) -> Option<F::Output> {
    let flag = Arc::new(Flag(AtomicBool::new(true), thread::current()));
    let waker = Waker::from(Arc::clone(&flag));
    let mut future = pin!(future);
    for _ in 0..most {
        while !flag.0.swap(false, Ordering::Acquire) {
            thread::park();
        }
        delay::point();
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Some(output);
        }
    }
    None
}

/// Polls to the end.
pub(crate) fn wait_for<F: Future>(future: F) -> F::Output {
    poll(future, usize::MAX).expect("there is always one more poll")
}
