//! Starting, reading and nesting tasks, beside the peers: rayon, tokio, `blocking`, chili, threads.
//!
//! forte asks for a newer compiler than the workspace. With one, or at one's own risk:
//!
//! ```sh
//! RUSTFLAGS="--cfg background_forte" cargo bench -p background --bench threads --ignore-rust-version
//! ```

#![allow(unexpected_cfgs, reason = "`background_forte` concerns this bench alone")]

#[path = "../harness/mod.rs"]
mod harness;

mod fib;
mod first_use;
mod many;
mod nested;
mod peers;
mod ready;
mod sleepers;
mod spawn_and_read;

use harness::{Goal, Run};

fn main() {
    if first_use::is_child() {
        return;
    }
    let run = Run::from_args();
    spawn_and_read::bench(&run);
    many::bench(&run);
    fib::bench(&run);
    ready::bench(&run);
    nested::bench(&run);
    first_use::bench(&run);
    sleepers::bench(&run);
}

/// A goal that no peer is the measure of.
fn within(nanoseconds: f64) -> Goal {
    Goal { of: "background", factor: 0.0, peer: None, plus: nanoseconds }
}
