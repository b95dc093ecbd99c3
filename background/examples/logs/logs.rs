//! Reads the logs of web servers in worker processes, several files at once, the small ones first, and
//! says who visited what and who looked for a way in.
//!
//! ```text
//! cargo run --release -p background-logs --example logs -- generate 50MB a.log b.log.gz
//! cargo run --release -p background-logs --example logs -- report a.log b.log.gz
//! ```

mod arguments;
mod entries;
mod entry;
mod generate;
mod lines;
mod readers;
mod record;
mod report;

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use report::Report;

fn generate(files: &[PathBuf], size: u64, seed: u64) -> io::Result<()> {
    let mut report = Report::default();
    for (seed, path) in (seed..).zip(files) {
        generate::generate(path, size, seed, &mut report)?;
    }
    print(&report)
}

/// Prints the report, and says whether all files have been read.
fn report(files: &[PathBuf], workers: usize, verbose: bool) -> io::Result<bool> {
    let (report, complete) = readers::read(files, workers, verbose);
    print(&report)?;
    Ok(complete)
}

fn print(report: &Report) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    write!(stdout, "{report}")?;
    stdout.flush()
}

fn complain(what: &dyn Display) {
    // Where standard error is closed there is nobody left to tell.
    let _ = writeln!(io::stderr(), "logs: {what}");
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Generate { size, files, seed } => generate(&files, size, seed).map(|()| true),
        Command::Report { files, workers, verbose } => report(&files, workers.count(), verbose),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // Whoever read the report wanted no more of it, as `head` does.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::FAILURE,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}
