//! What a worker does.

use std::collections::HashSet;
use std::ffi::OsString;
use std::net::IpAddr;
use std::path::Path;
use std::sync::{LazyLock, PoisonError, RwLock};

use background::{TaskQueue, background};

use crate::entry::Entry;
use crate::lines::Lines;
use crate::record::Record;

/// Where files wait for a worker.
pub(crate) static QUEUE: LazyLock<TaskQueue> = LazyLock::new(TaskQueue::new);

/// How many entries a worker may be ahead of who counts them.
const AHEAD: usize = 1024;

/// Reads a log, entry by entry, in a worker of the queue. The last entry is an `End`, or an error.
#[background(process, on = *QUEUE, priority = niceness, stream = AHEAD, catch)]
pub(crate) fn entries(
    path: OsString,
    niceness: i32,
) -> impl Iterator<Item = Result<Entry, String>> {
    let (lines, error) = match Lines::open(Path::new(&path)) {
        Ok(lines) => (Some(lines), None),
        Err(error) => (None, Some(error.to_string())),
    };
    let entries = lines.map(|lines| Entries { lines: Some(lines), ignored: 0, malformed: 0 });
    entries.into_iter().flatten().chain(error.map(Err))
}

/// The addresses of which this worker has been told that nobody wants to hear more of them.
static IGNORED: LazyLock<RwLock<HashSet<IpAddr>>> = LazyLock::new(RwLock::default);

/// Tells a worker that an address is bad.
pub(crate) fn ignore(address: IpAddr) {
    IGNORED.write().unwrap_or_else(PoisonError::into_inner).insert(address);
}

fn is_ignored(address: IpAddr) -> bool {
    IGNORED.read().unwrap_or_else(PoisonError::into_inner).contains(&address)
}

struct Entries {
    /// `None` after the last entry.
    lines: Option<Lines>,
    ignored: u64,
    malformed: u64,
}

impl Iterator for Entries {
    type Item = Result<Entry, String>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.lines.as_mut()?.next() {
                Ok(Some(line)) => match Record::parse(&line) {
                    Some(record) if is_ignored(record.address) => self.ignored += 1,
                    Some(record) => return Some(Ok(record.into())),
                    None => self.malformed += 1,
                },
                Ok(None) => {
                    self.lines = None;
                    let (ignored, malformed) = (self.ignored, self.malformed);
                    return Some(Ok(Entry::End { ignored, malformed }));
                }
                Err(error) => {
                    self.lines = None;
                    return Some(Err(error.to_string()));
                }
            }
        }
    }
}
