//! Telling threads that compute from threads that wait.

/// How the operating system names a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ThreadId(#[cfg(target_os = "linux")] i32);

impl ThreadId {
    #[cfg(target_os = "linux")]
    pub(crate) fn of_this_thread() -> Self {
        Self(rustix::thread::gettid().as_raw_nonzero().get())
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn of_this_thread() -> Self {
        Self()
    }

    /// The thread is on a core or waits for one. `None` where the system does not say.
    #[cfg(target_os = "linux")]
    pub(crate) fn is_runnable(self) -> Option<bool> {
        let stat = std::fs::read(format!("/proc/self/task/{}/stat", self.0)).ok()?;
        // The name, in parentheses, may hold anything; the state is the letter after it.
        let name_end = stat.iter().rposition(|byte| *byte == b')')?;
        Some(*stat.get(name_end + 2)? == b'R')
    }

    /// The thread is on a core or waits for one. `None` where the system does not say.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn is_runnable(self) -> Option<bool> {
        None
    }
}
