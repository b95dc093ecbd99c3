//! The trait that decides where and when a task runs.

use std::sync::Arc;

use crate::task::Task;

/// Decides where and when a task runs.
///
/// The seam for pools, event loops and anything else that can call a function:
/// `#[background(on = EXPR)]` and [`Builder::on`](crate::Builder::on) take any value of a type that
/// implements it. [`conformance!`](crate::conformance) expands to the tests that every strategy
/// has to pass.
///
/// ```
/// use background::{Strategy, Task, task};
///
/// /// A thread for every task.
/// struct Fresh;
///
/// impl Strategy for Fresh {
///     fn start(&self, task: Task) {
///         std::thread::spawn(|| task.run());
///     }
/// }
///
/// let name = task().on(Fresh).spawn(|| std::thread::current().id());
/// assert_ne!(name, std::thread::current().id());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a strategy for background tasks",
    label = "expected a value that implements `background::Strategy`",
    note = "implement `fn start(&self, task: Task)` for it, and call `task.run()` where the task is to run"
)]
pub trait Strategy {
    /// Sees to it that [`Task::run`] is called, once, somewhere, some time.
    ///
    /// Called on the caller's thread, which waits for it to return: it should hand the task over
    /// and not run it. A task that is dropped ends as [`Failure::Lost`](crate::Failure::Lost), one
    /// that cannot be accepted is refused with [`Task::reject`]. When this panics, the panic goes
    /// to the caller of the background function.
    fn start(&self, task: Task);

    /// Whether a thread that touches a task which has not started may run it right there.
    ///
    /// `true` suits pools of interchangeable threads: the touch costs no switch, and nested tasks
    /// cannot wait for each other's workers. `false`, the default, suits strategies that are
    /// chosen for *where* they run a task.
    fn claim_on_touch(&self) -> bool {
        false
    }
}

impl<P: Strategy + ?Sized> Strategy for &P {
    fn start(&self, task: Task) {
        (**self).start(task);
    }

    fn claim_on_touch(&self) -> bool {
        (**self).claim_on_touch()
    }
}

impl<P: Strategy + ?Sized> Strategy for Box<P> {
    fn start(&self, task: Task) {
        (**self).start(task);
    }

    fn claim_on_touch(&self) -> bool {
        (**self).claim_on_touch()
    }
}

impl<P: Strategy + ?Sized> Strategy for Arc<P> {
    fn start(&self, task: Task) {
        (**self).start(task);
    }

    fn claim_on_touch(&self) -> bool {
        (**self).claim_on_touch()
    }
}
