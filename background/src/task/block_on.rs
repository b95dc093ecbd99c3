//! Running an `async` body on a thread.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::cell::parker::Parker;
use crate::task::{current, host};

/// Polls a future on this thread until it is done.
///
/// Blocks while the future is pending. Every wake-up is a checkpoint of the current task.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    // Not the thread's own bed: wakers outlive the wait, and a touch inside of the future sleeps
    // there.
    let parker = Parker::new();
    let waker = Waker::from(Arc::clone(&parker));
    let mut context = Context::from_waker(&waker);
    let _stop = current::watch_stop(&parker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        current::checkpoint();
        let _blocking = host::blocking();
        parker.park(None);
    }
}
