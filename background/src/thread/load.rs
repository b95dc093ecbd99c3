//! What a thread does, as the operating system tells it.
#![allow(unsafe_code)]

/// How the operating system names a thread of this process.
#[derive(Clone, Copy, Debug)]
pub(super) struct ThreadId {
    #[cfg(target_os = "linux")]
    number: i32,
    #[cfg(target_os = "linux")]
    clock: Option<libc::clockid_t>,
}

#[cfg(target_os = "linux")]
impl ThreadId {
    pub(super) fn of_this_thread() -> Self {
        let mut clock = 0;
        // SAFETY: the thread is this one and alive, and the clock's name goes to our variable.
        let known = unsafe { libc::pthread_getcpuclockid(libc::pthread_self(), &raw mut clock) };
        Self {
            number: rustix::thread::gettid().as_raw_nonzero().get(),
            clock: (known == 0).then_some(clock),
        }
    }

    /// The time that the thread has been on a core, in nanoseconds. `None` where the system does
    /// not say.
    pub(super) fn cpu(self) -> Option<u64> {
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: the clock's name stays a valid argument when its thread has ended: then the call
        // fails. The time goes to our variable.
        let known = unsafe { libc::clock_gettime(self.clock?, &raw mut time) };
        let seconds = u64::try_from(time.tv_sec).ok()?;
        let nanoseconds = u64::try_from(time.tv_nsec).ok()?;
        (known == 0).then_some(seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds))
    }

    /// The thread is on a core or waits for one. `None` where the system does not say.
    pub(super) fn is_runnable(self) -> Option<bool> {
        let stat = std::fs::read(format!("/proc/self/task/{}/stat", self.number)).ok()?;
        // The name, in parentheses, may hold anything; the state is the letter after it.
        let name_end = stat.iter().rposition(|byte| *byte == b')')?;
        Some(*stat.get(name_end + 2)? == b'R')
    }
}

#[cfg(not(target_os = "linux"))]
impl ThreadId {
    pub(super) fn of_this_thread() -> Self {
        Self {}
    }

    /// The system does not say.
    pub(super) fn cpu(self) -> Option<u64> {
        None
    }

    /// The system does not say.
    pub(super) fn is_runnable(self) -> Option<bool> {
        None
    }
}
