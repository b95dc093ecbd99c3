//! Reading all files at once.

use std::collections::HashSet;
use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use background::{Background, BackgroundIter, Failure, QueueWorker, as_completed, background};
use indicatif::{ProgressBar, ProgressStyle};

use crate::complain;
use crate::entries::{QUEUE, entries, ignore};
use crate::entry::Entry;
use crate::report::Report;

/// The addresses that somebody has found to be bad.
#[derive(Default)]
struct Known(Mutex<HashSet<IpAddr>>);

impl Known {
    /// Tells all workers, before they begin with their next file, if it is news.
    fn add(&self, address: IpAddr) {
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(address) {
            // Those that have died by then need not know.
            drop(QUEUE.update_with(ignore, address));
        }
    }
}

/// What was found in one file, and why that is not all, if it is not.
struct Found {
    path: PathBuf,
    report: Report,
    trouble: Option<String>,
}

/// Counts what a worker tells, in this process, while it tells it.
#[background]
fn count(
    path: PathBuf,
    entries: BackgroundIter<Result<Entry, String>, Failure>,
    known: Arc<Known>,
) -> Found {
    let mut report = Report::default();
    let mut trouble = None;
    for entry in entries {
        match entry {
            Ok(Ok(entry)) => {
                if let Entry::Attack(address) = entry {
                    known.add(address);
                }
                report.add(entry);
            }
            Ok(Err(error)) => trouble = Some(error),
            Err(failure) => trouble = Some(failure.to_string()),
        }
    }
    Found { path, report, trouble }
}

/// Reads the files, each in a worker process, and complains about those that cannot be read to their
/// ends. The second part of the answer is whether there were none.
pub(crate) fn read(files: &[PathBuf], workers: usize, verbose: bool) -> (Report, bool) {
    let known = Arc::new(Known::default());
    let readers = by_size(files).into_iter().map(|(path, niceness)| {
        let entries = entries(path.as_os_str().to_owned(), niceness);
        count(path.to_owned(), entries, Arc::clone(&known))
    });
    let readers: Vec<_> = readers.collect();
    // Now that all files wait, the first worker gets the one that comes first.
    for _ in 0..workers.min(files.len()) {
        QUEUE.attach(QueueWorker::process());
    }
    let bar = bar(files.len());
    let (mut all, mut complete) = (Report::default(), true);
    for (_, found) in as_completed(readers) {
        let Found { path, report, trouble } = Background::join(found);
        if let Some(trouble) = trouble {
            complete = false;
            bar.suspend(|| complain(&format_args!("{}: {trouble}", path.display())));
        } else if verbose {
            let (path, lines, ignored) = (path.display(), report.lines(), report.ignored());
            bar.suspend(|| complain(&format_args!("{path}: {lines} lines, {ignored} ignored")));
        }
        all.absorb(report);
        bar.inc(1);
    }
    bar.finish_and_clear();
    QUEUE.shutdown(Duration::from_secs(10));
    (all, complete)
}

/// The files, the smallest first, and how nice each is to the others: the larger, the nicer.
///
/// A queue lets nobody starve: it weighs niceness against the order of the calls. Here they agree.
fn by_size(files: &[PathBuf]) -> Vec<(&Path, i32)> {
    // What has no size has no contents either, and is soon done with.
    let size = |path: &Path| fs::metadata(path).map_or(0, |it| it.len());
    let mut sizes: Vec<(u64, &Path)> = files.iter().map(|path| (size(path), &**path)).collect();
    sizes.sort_by_key(|(size, _)| *size);
    let last = files.len().saturating_sub(1).max(1);
    let niceness = |rank| i32::try_from(rank * 40 / last).unwrap_or(40) - 20;
    sizes.into_iter().enumerate().map(|(rank, (_, path))| (path, niceness(rank))).collect()
}

/// Shows nothing unless standard error is a terminal.
fn bar(files: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{elapsed:>4} {wide_bar} {pos} of {len} files");
    let bar = ProgressBar::new(files as u64).with_style(style.expect("the template is a constant"));
    if !bar.is_hidden() {
        bar.enable_steady_tick(Duration::from_millis(200));
    }
    bar
}
