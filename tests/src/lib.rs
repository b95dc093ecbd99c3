//! What the tests of `background` share.
//!
//! Nothing here tests anything; the tests are in `tests/it`. The programs in `src/bin` are run by
//! them as processes of their own, because what they show ends a process or counts one.

mod counted;
mod finished;
mod gate;
mod run;
mod watchdog;
pub mod workspace;

pub use counted::{Counted, Counter};
pub use finished::Finished;
pub use gate::Gate;
pub use run::Run;
pub use watchdog::{PATIENCE, until, within};
