//! The table: `background` beside its peers, workload by workload.
//!
//! ```sh
//! cargo bench --manifest-path benches/peers/Cargo.toml -- [--rounds N] [--markdown] [FILTER…]
//! ```
//!
//! or `ci/peers`, which builds forte too. Which peers a workload has, and which not, is said where
//! it stands.

mod at_once;
mod beside;
mod fork_join;
mod idle;
mod many;
mod memory;
mod mixed;
mod nested;
mod ready;
mod sleepers;
mod spread;

use std::process::ExitCode;

use background_harness::{Run, Workload};
use background_peers::{Body, Peer};

fn main() -> ExitCode {
    let run = Run::from_args();
    at_once::bench(&run);
    many::bench(&run);
    fork_join::bench(&run);
    spread::bench(&run);
    beside::bench(&run);
    nested::bench(&run);
    ready::bench(&run);
    sleepers::bench(&run);
    mixed::bench(&run);
    idle::bench(&run);
    if run.is_flawless() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A contender that starts and reads task after task.
fn each<P: Peer>(workload: Workload<'_, u32>, tasks: u32, body: impl Body) -> Workload<'_, u32> {
    workload.contender(P::NAME, move || P::each(tasks, body))
}

/// A contender that starts all tasks and then reads all.
fn all<P: Peer>(workload: Workload<'_, u32>, tasks: u32, body: impl Body) -> Workload<'_, u32> {
    workload.contender(P::NAME, move || P::all(tasks, body))
}
