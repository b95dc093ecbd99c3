//! Worker processes beside other ways to call functions in other processes.
//!
//! ```sh
//! cargo bench --manifest-path benches/peers/Cargo.toml --bench processes -- [--rounds N] [--markdown] [FILTER…]
//! ```
//!
//! A program of its own, as some peers want the first word in `main`. The Python peers live in a virtual
//! environment that it makes itself where Python is to be had; `BACKGROUND_PYTHON=0` leaves them out.

#[cfg(target_os = "linux")]
mod linux;

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    return linux::main();
    #[cfg(not(target_os = "linux"))]
    {
        println!("skipped: there are no worker processes on this system");
        ExitCode::SUCCESS
    }
}
