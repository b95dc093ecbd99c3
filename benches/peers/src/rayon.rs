//! `rayon`.

use std::sync::mpsc::{Receiver, sync_channel};

use crate::{Body, Peer};

/// `spawn`, and a channel back.
#[derive(Clone, Copy, Debug)]
pub struct Rayon;

fn start(body: impl FnOnce() -> u32 + Send + 'static) -> Receiver<u32> {
    let (sender, receiver) = sync_channel(1);
    rayon::spawn(move || sender.send(body()).expect("the receiver waits"));
    receiver
}

impl Peer for Rayon {
    const NAME: &'static str = "rayon spawn + channel";

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

/// `scope`: its tasks write to where their results belong, and it ends when all have ended.
#[derive(Clone, Copy, Debug)]
pub struct RayonScope;

impl Peer for RayonScope {
    const NAME: &'static str = "rayon scope";

    fn each(tasks: u32, body: impl Body) -> u32 {
        (0..tasks).map(|n| Self::all(1, move |_| body(n))).sum()
    }

    fn all_with(tasks: u32, body: impl Body, between: impl FnOnce() + Send) -> u32 {
        let mut values = vec![0; tasks as usize];
        rayon::scope(|scope| {
            for (n, value) in (0..tasks).zip(&mut values) {
                scope.spawn(move |_| *value = body(n));
            }
            between();
        });
        values.into_iter().sum()
    }

    fn beside(body: impl Body) -> u32 {
        let (mut there, mut here) = (0, 0);
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| there = body(0));
            here = body(0);
        });
        there + here
    }
}
