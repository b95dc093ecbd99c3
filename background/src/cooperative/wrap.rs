//! Routines for callers that know nothing of routines.

use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::cooperative::active;
use crate::cooperative::bell::Bell;
use crate::cooperative::core::{Step, rest};
use crate::cooperative::slab::Key;
use crate::cooperative::worker::Worker;

/// Runs a routine to its end, and all that it has assigned, and gives its value.
///
/// Blocks meanwhile. The routine may borrow, and neither it nor its value need be `Send`. Other routines that it has assigned end before this returns; to leave endless ones
/// behind, cancel them.
///
/// ```
/// use background::cooperative::{wrap, yield_now};
///
/// let mut data = Vec::new();
/// let sum: i32 = wrap(async {
///     for x in 0..4 {
///         data.push(x * x);
///         yield_now().await;
///     }
///     data.iter().sum()
/// });
/// assert_eq!((sum, data), (14, vec![0, 1, 4, 9]));
/// ```
///
/// # Panics
///
/// As the routine does.
pub fn wrap<F: Future>(routine: F) -> F::Output {
    let worker = Worker::new();
    let core = worker.core();
    let _active = active::enter(Rc::clone(core));
    let bell = Bell::of(Key::NONE, core.shared());
    let waker = Waker::from(Arc::clone(&bell));
    let mut context = Context::from_waker(&waker);
    let mut routine = pin!(Some(routine));
    let mut output = None;
    core.queue(Key::NONE);
    loop {
        let step = if core.take_root() { Step::Root } else { core.step() };
        match (step, routine.as_mut().as_pin_mut()) {
            (Step::Root, Some(root)) => {
                bell.answer();
                if let Poll::Ready(value) = root.poll(&mut context) {
                    routine.set(None);
                    output = Some(value);
                }
            }
            (Step::Ran | Step::Root, _) => {}
            (Step::Nothing, Some(_)) => rest(),
            (Step::Nothing, None) if core.len() > 0 => rest(),
            (Step::Nothing, None) => {
                return output.expect("the routine is only given up for its value");
            }
        }
    }
}
