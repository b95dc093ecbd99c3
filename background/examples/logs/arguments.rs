//! What the command line says.

use std::num::NonZero;
use std::path::PathBuf;
use std::thread;

use clap::{Args, Parser, Subcommand};

/// Read the logs of web servers
#[derive(Parser)]
#[command(name = "logs")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Say who visited which pages, and who looked for a way in
    ///
    /// Files are read by worker processes, several at once, the small ones first. They may be
    /// compressed with gzip. What is done by an address that has asked for something only attackers
    /// ask for is not counted as a visit. A file that cannot be read to its end is reported on
    /// standard error, and the exit code is 1 then.
    Report {
        /// Logs in the combined format of Apache and nginx
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,

        #[command(flatten)]
        workers: Workers,

        /// Say when each file is done, how many lines it has, and how many of them a worker ignored
        /// because it knew the address
        #[arg(short, long)]
        verbose: bool,
    },

    /// Make logs for tests, and print what a report on them has to say
    Generate {
        /// How much each file has before it is compressed, in bytes: 5000000, or 5MB
        #[arg(value_name = "SIZE", value_parser = size)]
        size: u64,

        /// Files; those whose names end with `.gz` are compressed
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,

        /// Other logs of the same size
        #[arg(long, value_name = "NUMBER", default_value_t = 1)]
        seed: u64,
    },
}

#[derive(Args)]
pub(crate) struct Workers {
    /// How many files are read at once; as many as there are cores unless told
    #[arg(long, value_name = "NUMBER")]
    workers: Option<NonZero<u8>>,
}

impl Workers {
    pub(crate) fn count(&self) -> usize {
        let cores = || thread::available_parallelism().map_or(1, NonZero::get);
        self.workers.map_or_else(cores, |workers| workers.get().into())
    }
}

fn size(text: &str) -> Result<u64, String> {
    let units = [("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("", 1)];
    let (digits, unit) = units
        .iter()
        .find_map(|(name, unit)| Some((text.strip_suffix(name)?, *unit)))
        .unwrap_or((text, 1));
    let size = digits.trim().parse::<u64>().ok().and_then(|size| size.checked_mul(unit));
    size.ok_or_else(|| "a size is a number of bytes, or one of kB, MB, GB: `5MB`".to_owned())
}
