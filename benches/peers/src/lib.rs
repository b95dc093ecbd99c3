//! Ways to run something in the background, each as its users would set it up: with a thread for
//! every core where that is for the user to say, and with the defaults otherwise.
//!
//! What they have in common is [`Peer`]. What only some of them can do is asked of their crates
//! directly, where it is measured.

mod background;
mod blocking;
mod crossbeam;
#[cfg(feature = "forte")]
mod forte;
mod futures;
mod rayon;
mod smol;
mod std_thread;
mod threadpool;
mod tokio;
mod work;

pub use background::{Background, Timed};
pub use blocking::Blocking;
pub use crossbeam::Crossbeam;
#[cfg(feature = "forte")]
pub use forte::{Forte, forte};
pub use futures::Futures;
pub use rayon::{Rayon, RayonScope};
pub use smol::Smol;
pub use std_thread::StdThread;
pub use threadpool::ThreadPool;
pub use tokio::{Tokio, TokioBlocking, runtime};
pub use work::{MICROSECOND, work};

/// A body: what a task does, given its number.
pub trait Body: Fn(u32) -> u32 + Copy + Send + Sync + 'static {}

impl<F: Fn(u32) -> u32 + Copy + Send + Sync + 'static> Body for F {}

/// Something that runs bodies in the background.
pub trait Peer: 'static {
    /// What the table calls it.
    const NAME: &'static str;

    /// Starts task after task and reads each before the next is started; the sum of the results.
    fn each(tasks: u32, body: impl Body) -> u32;

    /// Starts all tasks, calls `between`, then reads all; the sum of the results.
    fn all_with(tasks: u32, body: impl Body, between: impl FnOnce() + Send) -> u32;

    /// Starts all tasks, then reads all; the sum of the results.
    fn all(tasks: u32, body: impl Body) -> u32 {
        Self::all_with(tasks, body, || ())
    }

    /// Starts a task, does the same in the foreground, then reads the task; the sum of both.
    fn beside(body: impl Body) -> u32;
}

/// As many as there are cores.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agrees<P: Peer>() {
        assert_eq!(P::each(3, |n| n + 1), 6, "{}", P::NAME);
        assert_eq!(P::all(100, |n| n), 4950, "{}", P::NAME);
        assert_eq!(P::beside(|_| work(10, 1)), work(10, 1).wrapping_mul(2), "{}", P::NAME);
    }

    #[test]
    fn every_peer_runs_every_body_once() {
        agrees::<Background>();
        agrees::<Timed>();
        agrees::<Blocking>();
        agrees::<Crossbeam>();
        #[cfg(feature = "forte")]
        agrees::<Forte>();
        agrees::<Futures>();
        agrees::<Rayon>();
        agrees::<RayonScope>();
        agrees::<Smol>();
        agrees::<StdThread>();
        agrees::<ThreadPool>();
        agrees::<Tokio>();
        agrees::<TokioBlocking>();
    }
}
