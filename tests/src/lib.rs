//! What the tests of `background` share.
//!
//! Nothing here tests anything; the tests are in `tests/it`. The programs in `src/bin` are run by
//! them as processes of their own, because what they show ends a process or counts one.

mod counted;
#[cfg(target_os = "linux")]
pub mod faults;
mod finished;
mod gate;
#[cfg(target_os = "linux")]
mod note;
#[cfg(target_os = "linux")]
pub mod processes;
mod run;
mod watchdog;
pub mod workspace;

pub use counted::{Counted, Counter};
pub use finished::Finished;
pub use gate::Gate;
#[cfg(target_os = "linux")]
pub use note::Note;
pub use run::Run;
pub use watchdog::{PATIENCE, until, within};
