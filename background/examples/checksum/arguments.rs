//! What the command line says.

use std::path::PathBuf;
use std::time::Duration;

use background::{Strategy, strategies};
use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Parser, ValueEnum};

/// Print the SHA-256 sum of every file, as sha256sum does
///
/// Folders are walked in the order of their names. Links, pipes and devices in them are passed
/// over. What cannot be read is reported on standard error, and the exit code is 1 then.
#[derive(Parser)]
#[command(name = "checksum")]
pub(crate) struct Arguments {
    /// Files, and folders of files
    #[arg(
        required = true,
        value_name = "PATH",
        value_parser = PathBufValueParser::new().try_map(refuse_dash)
    )]
    pub(crate) paths: Vec<PathBuf>,

    /// Give up a file that takes longer to read
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<Duration>,

    /// Where the files are read
    #[arg(long, value_name = "NAME", value_enum, default_value = "thread")]
    pub(crate) strategy: Place,
}

/// The strategies by their names.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Place {
    /// In a pool of threads
    Thread,
    /// Each on a thread of its own
    Dedicated,
    /// One after the other
    Inline,
    /// When it is their turn to be printed
    Lazy,
    /// In worker processes
    Process,
}

impl Place {
    pub(crate) fn strategy(self) -> &'static dyn Strategy {
        match self {
            Self::Thread => &strategies::Thread,
            Self::Dedicated => const { &strategies::Dedicated::new() },
            Self::Inline => &strategies::Inline,
            Self::Lazy => &strategies::Lazy,
            Self::Process => const { &strategies::Process::new() },
        }
    }
}

/// `-` means standard input elsewhere. Taking it for a file's name would mislead.
fn refuse_dash(path: PathBuf) -> Result<PathBuf, &'static str> {
    if path.as_os_str() == "-" {
        return Err("standard input is not read; a file of that name is `./-`");
    }
    Ok(path)
}

fn seconds(text: &str) -> Result<Duration, String> {
    let number: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    Duration::try_from_secs_f64(number).map_err(|error| error.to_string())
}
