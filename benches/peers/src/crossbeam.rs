//! The pool that one writes by hand: threads that take closures from a crossbeam channel.

use std::sync::LazyLock;
use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

use crate::{Body, Peer, cores};

/// A channel to threads, a channel back.
#[derive(Clone, Copy, Debug)]
pub struct Crossbeam;

type Closure = Box<dyn FnOnce() + Send>;

static WORKERS: LazyLock<Sender<Closure>> = LazyLock::new(|| {
    let (sender, receiver) = unbounded::<Closure>();
    for _ in 0..cores() {
        let receiver = receiver.clone();
        thread::spawn(move || receiver.into_iter().for_each(|closure| closure()));
    }
    sender
});

fn start(body: impl FnOnce() -> u32 + Send + 'static) -> Receiver<u32> {
    let (sender, receiver) = bounded(1);
    let closure = move || sender.send(body()).expect("the receiver waits");
    WORKERS.send(Box::new(closure)).expect("the threads stay");
    receiver
}

impl Peer for Crossbeam {
    const NAME: &'static str = "crossbeam channel + threads";

    fn each(tasks: u32, body: impl Body) -> u32 {
        (0..tasks).map(|n| start(move || body(n)).recv().expect("the task sends")).sum()
    }

    fn all_with(tasks: u32, body: impl Body, between: impl FnOnce() + Send) -> u32 {
        let started: Vec<_> = (0..tasks).map(|n| start(move || body(n))).collect();
        between();
        started.into_iter().map(|it| it.recv().expect("the task sends")).sum()
    }

    fn beside(body: impl Body) -> u32 {
        let there = start(move || body(0));
        body(0) + there.recv().expect("the task sends")
    }
}
