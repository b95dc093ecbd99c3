//! One task of a deadlock.

use std::fmt;
use std::panic::Location;

use crate::failure::Call;

/// One of the tasks that wait for each other in a circle: of [`Failure::Deadlock`].
///
/// Each waits for the next one in the list, and the last for the first.
///
/// [`Failure::Deadlock`]: crate::Failure::Deadlock
///
/// ```
/// use background::{Background, Failure, task};
/// use std::sync::{Arc, OnceLock};
///
/// let (sender, receiver) = std::sync::mpsc::channel::<Arc<OnceLock<Background<u8>>>>();
/// let narcissus = task().dedicated().name("narcissus").spawn(move || {
///     let own = receiver.recv().unwrap();
///     **own.get().unwrap()
/// });
/// let own = Arc::new(OnceLock::from(narcissus));
/// sender.send(Arc::clone(&own)).unwrap();
/// let Err(Failure::Deadlock { cycle, .. }) = Background::outcome(own.get().unwrap()) else {
///     panic!("it waits for itself");
/// };
/// assert_eq!(cycle.len(), 1);
/// assert_eq!(cycle[0].call().name(), "narcissus");
/// assert!(cycle[0].touched_at().is_some());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadlockMember {
    call: Call,
    touched_at: Option<&'static Location<'static>>,
    /// The task's number, to tell members from others.
    pub(crate) id: u64,
}

impl DeadlockMember {
    pub(crate) fn new(call: Call, touched_at: Option<&'static Location<'static>>, id: u64) -> Self {
        Self { call, touched_at, id }
    }

    /// The function and where it was called.
    #[must_use]
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// Where it waits for the next member; `None` where that is not known, as in the destructor of
    /// a future that joins its task, and for a promise.
    #[must_use]
    pub fn touched_at(&self) -> Option<&'static Location<'static>> {
        self.touched_at
    }
}

impl fmt::Display for DeadlockMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.touched_at {
            Some(place) => write!(f, "{} waits at {place}", self.call),
            None => write!(f, "{} waits", self.call),
        }
    }
}

/// Prints the whole circle, a line for each member.
pub(super) fn fmt_cycle(cycle: &[DeadlockMember], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    /// So many at the beginning and at the end of a circle are printed; all are in the value.
    const SHOWN: usize = 64;
    write!(f, "waits for itself, in a deadlock of {}:", cycle.len())?;
    let next = |nth: usize| cycle[(nth + 1) % cycle.len()].call.name();
    for (nth, member) in cycle.iter().enumerate() {
        if nth >= SHOWN && nth < cycle.len().saturating_sub(SHOWN) {
            if nth == SHOWN {
                write!(f, "\n  … and {} more …", cycle.len() - 2 * SHOWN)?;
            }
            continue;
        }
        write!(f, "\n  {member} for `{}`", next(nth))?;
    }
    Ok(())
}
