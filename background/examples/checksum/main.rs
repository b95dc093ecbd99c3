//! SHA-256 sums of files and of everything in folders, computed in the background and printed in
//! the form that `sha256sum --check` reads.
//!
//! ```text
//! cargo run --release --example checksum -- PATH… > SUMS
//! sha256sum --check SUMS
//! ```

mod arguments;
mod report;

use std::cell::Cell;
use std::collections::VecDeque;
#[cfg(unix)]
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
#[cfg(unix)]
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use background::{Background, Timeout, background, checkpoint, task};
use clap::Parser;
use sha2::{Digest, Sha256};
use walkdir::{DirEntry, WalkDir};

use arguments::{Arguments, Place};
use report::Report;

/// How much of a file is read at a time.
const BLOCK: usize = 64 * 1024;

/// How many sums may be ready before it is their turn to be printed: what bounds the memory.
const AHEAD: usize = 10_000;

/// A SHA-256 sum.
type Sum = [u8; 32];

/// How files are read.
#[derive(Clone, Copy)]
struct Reader {
    place: Place,
    patience: Duration,
}

impl Reader {
    /// Reads a file in this process.
    ///
    /// The limit bounds how many files are open at once. A call beyond it does not wait: it runs
    /// on the thread that walks the folders, which so lends a hand until the others have caught
    /// up.
    ///
    /// The time limit ends the reading between two blocks. A reader that waits for longer than that,
    /// say for a pipe, is not waited for.
    #[background(
        on = self.place.strategy(),
        timeout = self.patience,
        limit = 64,
        when_full = inline
    )]
    fn read_here(self, path: PathBuf) -> Result<Sum, String> {
        sha256(&path)
    }

    /// Reads a file in a worker process, of which as many files are open as there are. When the time
    /// is up it is killed, whatever it waits for.
    fn read_there(self, path: &Path) -> Background<Result<Sum, String>, Timeout> {
        let limited = task().process().name("sha256").timeout(self.patience);
        // Bytes, because a path need not be text.
        let bytes = path.as_os_str().as_encoded_bytes().to_vec();
        limited.spawn_with(|bytes| sha256(&path_of(bytes)), bytes)
    }

    fn read(self, path: &Path) -> Background<Result<Sum, String>, Timeout> {
        match self.place {
            Place::Process => self.read_there(path),
            _ => self.read_here(path.to_owned()),
        }
    }
}

/// The path of these bytes.
fn path_of(bytes: Vec<u8>) -> PathBuf {
    #[cfg(unix)]
    return OsString::from_vec(bytes).into();
    #[cfg(not(unix))]
    return String::from_utf8_lossy(&bytes).into_owned().into();
}

/// Reads a file to its end.
fn sha256(path: &Path) -> Result<Sum, String> {
    let mut file = File::open(path).map_err(|error| error.to_string())?;
    let mut hasher = Sha256::new();
    let mut block = BLOCKS.take();
    block.resize(BLOCK, 0);
    let sum = loop {
        checkpoint();
        match file.read(&mut block) {
            Ok(0) => break Ok(hasher.finalize().into()),
            Ok(length) => hasher.update(&block[..length]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => break Err(error.to_string()),
        }
    };
    BLOCKS.set(block);
    sum
}

thread_local! {
    /// Each thread keeps its block for the next file: with small files, making one takes as long
    /// as reading one.
    static BLOCKS: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// All files below `path`, in the order of their names.
fn files(path: &Path) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    let entries = WalkDir::new(path).sort_by_file_name().into_iter();
    entries.filter(|entry| match entry {
        // Who names a pipe or a device wants it read. Those met on the way would never end.
        Ok(entry) if entry.depth() == 0 => !entry.path().is_dir(),
        Ok(entry) => entry.file_type().is_file(),
        Err(_) => true,
    })
}

fn run(arguments: &Arguments, report: &mut Report) -> io::Result<()> {
    let reader =
        Reader { place: arguments.strategy, patience: arguments.timeout.unwrap_or(Duration::MAX) };
    let mut pending = VecDeque::new();
    for entry in arguments.paths.iter().flat_map(|path| files(path)) {
        match entry {
            Ok(entry) => {
                let path = entry.into_path();
                // From here on the file is being read, while this loop goes on to the next one.
                let sum = reader.read(&path);
                pending.push_back((path, sum));
                report.found();
            }
            Err(error) => report.unreadable(&error),
        }
        // Sums come in any order and are printed in the order of the files.
        while pending
            .front()
            .is_some_and(|(_, sum)| Background::is_ready(sum) || pending.len() > AHEAD)
        {
            if let Some((path, sum)) = pending.pop_front() {
                report.file(&path, sum)?;
            }
        }
    }
    for (path, sum) in pending {
        report.file(&path, sum)?;
    }
    report.finish()
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut report = Report::new();
    match run(&arguments, &mut report) {
        Ok(()) if report.is_complete() => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
        // Whoever read the sums wanted no more of them, as `head` does.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::FAILURE,
        Err(error) => {
            report.complain(&format_args!("writing: {error}"));
            ExitCode::FAILURE
        }
    }
}
