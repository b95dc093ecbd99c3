//! Rows that are computed elsewhere.

use std::sync::LazyLock;
use std::sync::mpsc::channel;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use background::cooperative::{Handle, Worker};
use background::{BackgroundIter, Failure, background};
use serde::{Deserialize, Serialize};

use crate::arguments::Place;
use crate::picture::{Picture, Row};

/// How many rows a worker may be ahead of the file.
const AHEAD: usize = 32;

/// A thread that computes one row of each share in turn.
static WORKER: LazyLock<Handle> = LazyLock::new(|| {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let worker = Worker::new();
        // The receiver waits for it.
        let _ = sender.send(worker.handle());
        worker.serve();
    });
    receiver.recv().expect("the thread sends it first")
});

/// Every so manieth row: neighbours take about as long as each other, so workers that take turns are
/// done at the same time.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Share {
    picture: Picture,
    first: u32,
    step: u32,
}

impl Share {
    fn rows(self) -> impl Iterator<Item = Row> {
        let Self { picture, first, step } = self;
        (first..picture.height).step_by(step as usize).map(move |y| picture.row(y))
    }

    #[background(thread, stream = AHEAD, catch)]
    fn in_a_thread(self) -> impl Iterator<Item = Row> {
        self.rows()
    }

    #[background(inline, stream = 1, catch)]
    fn here(self) -> impl Iterator<Item = Row> {
        self.rows()
    }

    #[background(on = &*WORKER, stream = AHEAD, catch)]
    fn in_turns(self) -> impl Iterator<Item = Row> {
        self.rows()
    }

    #[background(process, stream = AHEAD, catch)]
    fn in_a_process(self) -> impl Iterator<Item = Row> {
        self.rows()
    }

    fn start(self, place: Place) -> BackgroundIter<Row, Failure> {
        match place {
            Place::Thread => self.in_a_thread(),
            Place::Inline => self.here(),
            Place::Cooperative => self.in_turns(),
            Place::Process => self.in_a_process(),
        }
    }
}

/// The rows of a picture, from the top to the bottom, while workers compute them.
///
/// To drop it stops the workers.
pub(crate) struct Rows {
    /// One of each worker.
    streams: Vec<BackgroundIter<Row, Failure>>,
    turn: usize,
}

impl Rows {
    pub(crate) fn new(picture: Picture, place: Place, workers: u32) -> Self {
        let step = workers.min(picture.height);
        let shares = (0..step).map(|first| Share { picture, first, step });
        Self { streams: shares.map(|share| share.start(place)).collect(), turn: 0 }
    }

    /// The next row; `Pending` if it takes longer than that.
    pub(crate) fn next(&mut self, patience: Duration) -> Poll<Option<Result<Row, Failure>>> {
        let next = BackgroundIter::next_timeout(&mut self.streams[self.turn], patience);
        if next.is_ready() {
            self.turn = (self.turn + 1) % self.streams.len();
        }
        next
    }
}
