//! The workloads, and the peers that have processes.

mod bodies;
mod child;
mod ends;
mod first;
mod ipc;
mod large;
mod limits;
mod many;
mod python;
mod round_trip;
mod shared;

use std::process::ExitCode;

use background_harness::Run;

use python::Python;

pub(crate) fn main() -> ExitCode {
    // Its workers go no further than this. Those of `background` do not even come here.
    procspawn::init();
    if child::has_served() {
        return ExitCode::SUCCESS;
    }
    let run = Run::from_args();
    let python = Python::find(&run);
    round_trip::bench(&run, &python);
    many::bench(&run, &python);
    large::bench(&run, &python);
    first::bench(&run, &python);
    ends::bench(&run, &python);
    if run.is_flawless() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
