//! The names of signals.

use std::fmt;

/// Prints a signal's number and, where it has one, its name.
pub(crate) struct Name(pub(crate) i32);

/// The names that a process can die of, as Linux counts them.
const NAMES: [(i32, &str); 20] = [
    (1, "SIGHUP"),
    (2, "SIGINT"),
    (3, "SIGQUIT"),
    (4, "SIGILL"),
    (5, "SIGTRAP"),
    (6, "SIGABRT"),
    (7, "SIGBUS"),
    (8, "SIGFPE"),
    (9, "SIGKILL"),
    (10, "SIGUSR1"),
    (11, "SIGSEGV"),
    (12, "SIGUSR2"),
    (13, "SIGPIPE"),
    (14, "SIGALRM"),
    (15, "SIGTERM"),
    (16, "SIGSTKFLT"),
    (24, "SIGXCPU"),
    (25, "SIGXFSZ"),
    (26, "SIGVTALRM"),
    (31, "SIGSYS"),
];

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = NAMES.iter().find(|(number, _)| *number == self.0);
        match known {
            Some((number, name)) => write!(f, "signal {number} ({name})"),
            None => write!(f, "signal {}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn a_signal_is_told_by_number_and_name() {
        assert_eq!(Name(11).to_string(), "signal 11 (SIGSEGV)");
        assert_eq!(Name(40).to_string(), "signal 40");
    }
}
