//! Running an `async` body on a thread.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::cell::parker::Parker;
use crate::task::awaiting::Awaiting;
use crate::task::wait_graph::{self, Need};
use crate::task::{aside, current, frame, host};

/// Polls a future on this thread until it is done.
///
/// Blocks while the future is pending. Every wake-up is a checkpoint of the current task.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    // Not the thread's own bed: wakers outlive the wait, and a touch inside of the future sleeps
    // there.
    let parker = Parker::new();
    let waker = Waker::from(Arc::clone(&parker));
    let awaiting = Awaiting::new(waker);
    let mut context = Context::from_waker(awaiting.waker());
    let stop = current::watch_stop(&parker);
    let _begun = awaiting.begin();
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        current::checkpoint();
        if aside::step() && parker.is_awake() {
            continue;
        }
        let _blocking = host::blocking();
        // Only a task can be waited for, and a wait that a limit ends is no part of a deadlock.
        let endless = !frame::top().is_null() && !current::is_timed();
        let needs = if endless { awaiting.needs(&parker, &stop) } else { Vec::new() };
        if needs.is_empty() {
            aside::park(&parker, None);
        } else if let Some(_waiting) = wait_graph::enter(&Need::Any(&needs), true) {
            aside::park(&parker, None);
        }
    }
}
