//! The limit of memory of one call.

use std::fs;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::process::child::fault;

/// Lifts the limit when dropped.
pub(super) struct Limited {
    before: Rlimit,
}

/// Lets this process have `bytes` more than it has now: of what only it can see and write. What it
/// shares or only reserves does not count, so the limit says what it seems to say.
pub(super) fn limit(bytes: u64) -> Limited {
    let before = getrlimit(Resource::Data);
    let most = in_use().saturating_add(bytes);
    let current = before.maximum.map_or(most, |hard| hard.min(most));
    fault::expect_shortage(current, bytes);
    // A limit that cannot be set is not one that can be kept either: the call runs without.
    let _ = setrlimit(Resource::Data, Rlimit { current: Some(current), maximum: before.maximum });
    Limited { before }
}

impl Drop for Limited {
    fn drop(&mut self) {
        fault::expect_shortage(0, 0);
        let _ = setrlimit(Resource::Data, self.before);
    }
}

/// How many bytes of data this process has, as the system counts them.
fn in_use() -> u64 {
    let text = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = text.split_ascii_whitespace().nth(5).and_then(|field| field.parse::<u64>().ok());
    pages.unwrap_or(0).saturating_mul(rustix::param::page_size() as u64)
}
