//! Waiting for everything.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::panic::Location;
use std::time::Duration;

use crate::clock::Tick;
use crate::task::ledger;

/// Waits until no background task of the program is under way, at most `patience`.
///
/// For the end of `main`, where detached tasks would otherwise end with the program. Tasks that
/// are started meanwhile count too; lazy tasks that nobody has touched do not, nor do the tasks on
/// the caller's own stack. Never panics.
///
/// # Errors
///
/// Those that were still under way when `patience` was over: they are not stopped.
///
/// ```
/// use background::{Background, drain, spawn};
/// use std::time::Duration;
///
/// let (sender, receiver) = std::sync::mpsc::channel();
/// Background::detach(spawn(move || sender.send("written").unwrap()));
/// drain(Duration::from_secs(60)).unwrap();
/// assert_eq!(receiver.try_recv(), Ok("written"));
/// ```
pub fn drain(patience: Duration) -> Result<(), Stragglers> {
    ledger::drain(Tick::now().after(patience)).map_err(|(running, under_way)| Stragglers {
        running: running
            .into_iter()
            .map(|(name, call_site)| Straggler { name, call_site })
            .collect(),
        under_way: usize::try_from(under_way).unwrap_or(usize::MAX),
    })
}

/// A task that [`drain`] found running when its time was over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Straggler {
    name: Cow<'static, str>,
    call_site: &'static Location<'static>,
}

impl Straggler {
    /// The name that was asked for, else the function's.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the function was called.
    pub fn call_site(&self) -> &'static Location<'static> {
        self.call_site
    }
}

impl fmt::Display for Straggler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` (called at {})", self.name, self.call_site)
    }
}

/// What [`drain`] could not wait for.
///
/// ```
/// use background::{drain, task};
/// use std::time::Duration;
///
/// let (go, gate) = std::sync::mpsc::channel::<()>();
/// let (started, has_started) = std::sync::mpsc::channel();
/// let slow = task().name("slow").dedicated().spawn(move || {
///     started.send(()).unwrap();
///     gate.recv().ok();
/// });
/// has_started.recv().unwrap();
/// let stragglers = drain(Duration::ZERO).unwrap_err();
/// assert!(stragglers.running().iter().any(|straggler| straggler.name() == "slow"));
/// go.send(()).unwrap();
/// # assert_eq!(slow, ());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stragglers {
    running: Vec<Straggler>,
    under_way: usize,
}

impl Stragglers {
    /// Those whose bodies were running.
    pub fn running(&self) -> &[Straggler] {
        &self.running
    }

    /// How many had not started.
    pub fn waiting(&self) -> usize {
        self.under_way.saturating_sub(self.running.len())
    }
}

impl fmt::Display for Stragglers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} background tasks are still under way", self.under_way)?;
        for (index, straggler) in self.running.iter().enumerate() {
            write!(f, "{} {straggler}", if index == 0 { ": running" } else { "," })?;
        }
        match self.waiting() {
            0 => Ok(()),
            waiting => write!(f, "; {waiting} not started"),
        }
    }
}

impl Error for Stragglers {}
