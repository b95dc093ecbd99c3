//! The processes that a worker has started.

use std::fs;
use std::os::fd::OwnedFd;

use rustix::process::{Pid, PidfdFlags, pidfd_open, test_kill_process_group};

/// The processes that come from that one, as far as they can still be told: those that it has
/// started, and those that they have.
pub(super) fn descendants(ancestor: Pid) -> Vec<OwnedFd> {
    /// More are not followed: the group is sent its end as a whole.
    const MANY: usize = 1024;
    let (mut found, mut next) = (Vec::new(), vec![ancestor.as_raw_nonzero().get()]);
    while let Some(pid) = next.pop() {
        let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else { continue };
        for thread in threads.flatten() {
            let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
            for child in children.split_ascii_whitespace().filter_map(|it| it.parse().ok()) {
                // Whoever is opened is this process, or else gone, and then nothing is waited for.
                let opened = Pid::from_raw(child).map(|it| pidfd_open(it, PidfdFlags::empty()));
                if let (Some(Ok(descendant)), true) = (opened, found.len() < MANY) {
                    found.push(descendant);
                    next.push(child);
                }
            }
        }
    }
    found
}

/// Those of the group that live, each to be waited for. The group's leader is dead and reaped, and the
/// group has been sent its end.
pub(super) fn survivors(leader: Pid) -> Vec<OwnedFd> {
    if test_kill_process_group(leader).is_err() {
        return Vec::new();
    }
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok())
        .filter(|pid| lives_in(*pid, leader))
        .filter_map(|pid| pidfd_open(Pid::from_raw(pid)?, PidfdFlags::empty()).ok())
        .collect()
}

/// The process is of that group, and more than an entry in the system's table.
fn lives_in(pid: i32, leader: Pid) -> bool {
    let Ok(text) = fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
    // The name stands in parentheses and may contain anything.
    let Some((_, fields)) = text.rsplit_once(')') else { return false };
    let mut fields = fields.split_ascii_whitespace();
    let (state, _parent, group) = (fields.next(), fields.next(), fields.next());
    !matches!(state, Some("Z" | "X") | None)
        && group.and_then(|group| group.parse().ok()) == Some(leader.as_raw_nonzero().get())
}
