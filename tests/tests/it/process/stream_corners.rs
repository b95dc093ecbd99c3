//! Streams of worker processes where it gets narrow: cut early, nested, and with items that are none.

use std::iter;

use background::{Background, BackgroundIter, processes, task};
use background_tests::processes::is_gone;
use background_tests::{Note, until, within};
use serde::{Deserialize, Serialize};

use super::{lives_on, one, worker};

/// Says whether it has got what it was sent.
fn checked((at, bytes): (String, Vec<u8>)) -> impl Iterator<Item = u8> + Send {
    let is_whole = bytes.len() == LARGE && bytes.iter().all(|byte| *byte == 7);
    Note::leave(&at, if is_whole { "whole" } else { "garbled" });
    iter::repeat(1)
}

const LARGE: usize = 48 << 20;

#[test]
fn a_stream_that_is_dropped_while_its_arguments_are_sent_garbles_nothing() {
    within(|| {
        let (pool, note) = (one(), Note::new());
        let pid = worker(&pool);
        for at in ["first", "second"] {
            let arguments = (note.at(at), vec![7; LARGE]);
            drop(task().on(pool.clone()).stream_with(checked, arguments));
            lives_on(&pool, pid);
            assert_eq!(note.wait(at), "whole");
        }
    });
}

/// Cannot be read back when it is a multiple of seven.
#[derive(Debug, PartialEq, Serialize)]
struct Odd(u32);

impl<'de> Deserialize<'de> for Odd {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u32::deserialize(deserializer)?;
        assert!(number != 13, "thirteen");
        if number % 7 == 0 { Err(serde::de::Error::custom("seven")) } else { Ok(Self(number)) }
    }
}

#[test]
fn an_item_that_cannot_be_decoded_frees_the_worker() {
    within(|| {
        for from in [5, 12] {
            let pool = one();
            let pid = worker(&pool);
            let call = task().on(pool.clone()).catch().look_ahead(2);
            let mut items = call.stream_with(|from: u32| (from..).map(Odd), from);
            assert_eq!(items.next(), Some(Ok(Odd(from))));
            let failure = items.find_map(Result::err).expect("the last item");
            assert!(failure.to_string().contains(if from == 5 { "seven" } else { "thirteen" }));
            assert!(items.next().is_none());
            lives_on(&pool, pid);
        }
    });
}

#[test]
fn a_stream_that_is_dropped_as_it_begins_frees_the_worker() {
    within(|| {
        let pool = one();
        let pid = worker(&pool);
        for round in 0..3000_u32 {
            let before = task().on(pool.clone()).spawn_with(|n: u32| n, round);
            let stream =
                task().on(pool.clone()).look_ahead(1).stream_with(|()| iter::repeat(1), ());
            for _ in 0..round % 512 {
                std::hint::spin_loop();
            }
            drop(stream);
            assert_eq!(before, round);
        }
        lives_on(&pool, pid);
    });
}

/// A stream of a worker, of a stream of its worker, and so on.
fn nested((depth, count): (u32, u64)) -> Box<dyn Iterator<Item = u64> + Send> {
    if depth == 0 {
        return Box::new(0..count);
    }
    let inner = task().process().look_ahead(3).stream_with(nested, (depth - 1, count));
    Box::new(inner.map(|n| n + 1))
}

#[test]
fn streams_of_workers_nest() {
    within(|| {
        let pool = one();
        for depth in 0..6 {
            let stream = task().on(pool.clone()).stream_with(nested, (depth, 200));
            assert!(stream.eq((0..200).map(|n| n + u64::from(depth))), "{depth} deep");
        }
    });
}

/// Whose items are the processes that make them, the innermost last.
fn lineage(depth: u32) -> Box<dyn Iterator<Item = Vec<u32>> + Send> {
    if depth == 0 {
        return Box::new(iter::repeat_with(|| vec![std::process::id()]));
    }
    let inner = task().process().look_ahead(1).stream_with(lineage, depth - 1);
    Box::new(inner.map(|mut pids| {
        pids.insert(0, std::process::id());
        pids
    }))
}

#[test]
fn nested_streams_that_are_dropped_free_all_their_workers() {
    within(|| {
        let pool = one();
        let mut stream = task().on(pool.clone()).look_ahead(1).stream_with(lineage, 3);
        let pids = stream.next().expect("it is endless");
        assert_eq!(pids.len(), 4);
        drop(stream);
        lives_on(&pool, pids[0]);
        // The worker's own workers serve as well.
        let again = |()| Background::join(task().process().spawn_with(|n: u32| n + 1, 1));
        assert_eq!(task().on(pool.clone()).spawn_with(again, ()), 2);
        drop(pool);
        until("all of them are gone", || pids.iter().all(|pid| is_gone(*pid)));
    });
}

#[test]
fn a_cancelled_nested_stream_kills_all_its_workers() {
    within(|| {
        let pool = processes().workers(1).build();
        let mut stream = task().on(pool.clone()).look_ahead(1).catch().stream_with(lineage, 3);
        let pids = stream.next().expect("it is endless").expect("nothing fails");
        BackgroundIter::cancel(&stream);
        assert!(stream.last().expect("an error").is_err());
        until("all of them are gone", || pids.iter().all(|pid| is_gone(*pid)));
        worker(&pool);
    });
}
