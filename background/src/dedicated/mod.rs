//! An OS thread of its own for every task.

use std::thread;

use crate::strategy::Strategy;
use crate::task::Task;
use crate::task::handover::Handover;
use crate::task::threads::{self, Berth};

/// Gives every task an OS thread of its own, named after the function.
///
/// For bodies that keep a thread for very long, or need a stack of a certain size. When no thread
/// can be had, the task goes to the pool instead.
///
/// ```
/// use background::{strategies::Dedicated, task};
///
/// let name = task()
///     .name("reader")
///     .on(Dedicated::new().stack_size(64 * 1024))
///     .spawn(|| std::thread::current().name().map(str::to_owned));
/// assert_eq!(name, Some("reader".to_owned()));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Dedicated {
    stack_size: Option<usize>,
}

impl Dedicated {
    /// Threads with the stack size that std chooses.
    #[must_use]
    pub const fn new() -> Self {
        Self { stack_size: None }
    }

    /// Threads with a stack of at least `bytes`. The system rounds up to what it can do.
    #[must_use]
    pub const fn stack_size(self, bytes: usize) -> Self {
        Self { stack_size: Some(bytes) }
    }
}

impl Strategy for Dedicated {
    fn start(&self, task: Task) {
        let Some(berth) = Berth::of_a_task() else {
            task.offload();
            return;
        };
        // Thread names cannot hold a zero byte.
        let mut builder = thread::Builder::new().name(task.name().replace('\0', "\u{fffd}"));
        if let Some(bytes) = self.stack_size {
            builder = builder.stack_size(bytes);
        }
        // A thread that cannot be made drops its closure: the task has to survive that.
        let handover = Handover::new(task);
        let received = handover.clone();
        let spawned = threads::start(builder, move || {
            let _berth = berth;
            if let Some(task) = received.take() {
                task.run();
            }
        });
        if spawned.is_err() {
            if let Some(task) = handover.take() {
                task.offload();
            }
        }
    }
}
