//! Streams whose producers run in worker processes.

use std::fs;
use std::iter;
use std::task::Poll;
use std::time::Duration;

use background::{BackgroundIter, Cancel, Failure, Timeout, processes, strategies, task};
use background_tests::faults::Fault;
use background_tests::processes::is_gone;
use background_tests::{Note, until, within};
use serde::{Deserialize, Serialize};

use super::{is_replaced, lives_on, one, wait_for_ever, worker, worker_of};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Row {
    Empty,
    Line { number: u64, words: Vec<String> },
}

fn rows(count: u64) -> impl Iterator<Item = Row> + Send {
    (0..count).map(|number| match number % 3 {
        0 => Row::Empty,
        n => Row::Line { number, words: vec!["word".to_owned(); usize::try_from(n).unwrap()] },
    })
}

#[test]
fn all_items_arrive_in_order_whatever_the_look_ahead() {
    within(|| {
        let pool = one();
        let pid = worker(&pool);
        for look_ahead in [0, 1, 2, 3, 64, 5000, usize::MAX] {
            let stream = task().on(pool.clone()).look_ahead(look_ahead).stream_with(rows, 1000);
            assert!(stream.eq(rows(1000)), "{look_ahead} ahead");
        }
        lives_on(&pool, pid);
    });
}

#[test]
fn a_strategy_of_this_process_makes_the_same_items() {
    within(|| {
        let thread = task().thread().stream_with(rows, 100);
        let inline = task().on(strategies::Inline).look_ahead(3).stream_with(rows, 100);
        let lazy = task().lazy().stream_with(rows, 100);
        assert!(thread.eq(rows(100)) && inline.eq(rows(100)) && lazy.eq(rows(100)));
    });
}

#[test]
fn bytes_texts_and_nothing_are_items_too() {
    within(|| {
        let pool = one();
        let on = || task().on(pool.clone());
        let bytes = |n: u8| (0..n).map(|n| vec![n; usize::from(n)]);
        assert!(on().stream_with(bytes, 50).eq(bytes(50)));
        let texts = |n: u32| (0..n).map(|n| n.to_string());
        assert!(on().stream_with(texts, 50).eq(texts(50)));
        assert_eq!(on().stream_with(|n: usize| iter::repeat_n((), n), 500).count(), 500);
        assert_eq!(on().stream_with(|()| iter::empty::<Row>(), ()).next(), None);
    });
}

#[test]
fn a_hundred_chunks_of_fifty_arrive_in_order() {
    within(|| {
        let chunks = |count: u64| (0..count).map(|n| vec![n; 50]);
        let stream = task().on(one()).look_ahead(1).stream_with(chunks, 100);
        assert!(stream.eq(chunks(100)));
    });
}

#[test]
fn items_larger_than_all_buffers_pass() {
    within(|| {
        let pool = one();
        let stream = task().on(pool.clone()).look_ahead(1000);
        let stream = stream.stream_with(|n: u8| (0..n).map(|n| vec![n; 3 << 20]), 20);
        let mut count = 0;
        for (n, item) in (0..20).zip(stream) {
            assert!(item.len() == 3 << 20 && item.iter().all(|byte| *byte == n));
            count += 1;
        }
        assert_eq!(count, 20);
    });
}

/// Says in a file how many items it has made.
fn noted((at, size): (String, usize)) -> impl Iterator<Item = Vec<u8>> + Send {
    (1_u32..).map(move |n| {
        Note::leave(&at, n);
        vec![7; size]
    })
}

fn made(note: &Note) -> u64 {
    note.read("made").and_then(|text| text.parse().ok()).unwrap_or(0)
}

#[test]
fn the_worker_is_so_many_items_ahead_and_no_more() {
    within(|| {
        let (pool, note) = (one(), Note::new());
        let mut items =
            task().on(pool.clone()).look_ahead(8).stream_with(noted, (note.at("made"), 1));
        until("it runs ahead", || made(&note) == 8);
        for had in 1..=30 {
            assert_eq!(items.next(), Some(vec![7]));
            assert!(made(&note) <= had + 8);
        }
        until("it goes on", || made(&note) >= 34);
        assert!(made(&note) <= 38);
    });
}

#[test]
fn the_worker_is_so_many_bytes_ahead_and_no_more() {
    within(|| {
        let (pool, note) = (one(), Note::new());
        let size = 1 << 20;
        let mut items =
            task().on(pool.clone()).look_ahead(1000).stream_with(noted, (note.at("made"), size));
        until("it runs ahead", || made(&note) == 4);
        for had in 1..=10 {
            assert_eq!(items.next().map(|item| item.len()), Some(size));
            assert!(made(&note) <= had + 5);
        }
    });
}

#[test]
fn dropping_it_frees_the_worker_at_the_next_item() {
    within(|| {
        let (pool, note) = (one(), Note::new());
        let pid = worker(&pool);
        for had in [0, 1, 5, 100] {
            let mut items =
                task().on(pool.clone()).look_ahead(4).stream_with(noted, (note.at("made"), 1));
            assert_eq!(items.by_ref().take(had).count(), had);
            drop(items);
            lives_on(&pool, pid);
        }
    });
}

#[test]
fn a_panic_comes_after_the_items_that_preceded_it() {
    within(|| {
        let pool = one();
        let broken =
            |n: u32| (0..).inspect(move |item: &u32| assert!(*item < n, "no more than {n} items"));
        for n in [0, 1, 100] {
            let call = task().on(pool.clone()).name("breaks").catch().look_ahead(7);
            let items: Vec<_> = call.stream_with(broken, n).collect();
            let (last, rest) = items.split_last().expect("an error");
            assert!(rest.iter().flatten().copied().eq(0..n));
            let text = last.as_ref().unwrap_err().to_string();
            assert!(text.contains(&format!("no more than {n} items")), "{text}");
        }
    });
}

#[test]
fn a_crash_comes_after_the_items_that_preceded_it() {
    within(|| {
        for fault in [Fault::Segv, Fault::Exit(3), Fault::Abort] {
            let pool = one();
            let pid = worker(&pool);
            let call = task().on(pool.clone()).catch().look_ahead(64);
            let breaks =
                |fault: Fault| (0_u32..).map(move |n| if n == 1000 { fault.strike() } else { n });
            let items: Vec<_> = call.stream_with(breaks, fault).collect();
            let (last, rest) = items.split_last().expect("an error");
            assert!(rest.iter().flatten().copied().eq(0..1000));
            assert_eq!(worker_of(last.as_ref().unwrap_err()), pid);
            is_replaced(&pool, pid);
        }
    });
}

#[test]
fn cancelling_kills_the_worker() {
    within(|| {
        let pool = one();
        let call = task().on(pool.clone()).catch().look_ahead(2);
        let stuck = |()| iter::once(std::process::id()).chain(iter::once_with(|| wait_for_ever()));
        let mut items = call.stream_with(stuck, ());
        let pid = items.next().expect("the first").expect("comes");
        assert_eq!(BackgroundIter::try_next(&mut items), Poll::Pending);
        assert_eq!(BackgroundIter::cancel(&items), Cancel::Stopping);
        assert_eq!(items.next(), Some(Err(Failure::Cancelled)));
        is_replaced(&pool, pid);
    });
}

#[test]
fn a_time_limit_kills_the_worker_and_is_the_last_item() {
    within(|| {
        let pool = one();
        worker(&pool);
        let call = task().on(pool.clone()).timeout(Duration::from_millis(200));
        let stuck = |()| iter::once(std::process::id()).chain(iter::once_with(|| wait_for_ever()));
        let mut items = call.stream_with(stuck, ());
        let pid = items.next().expect("the first").expect("comes in time");
        assert_eq!(items.next(), Some(Err(Timeout)));
        is_replaced(&pool, pid);
    });
}

#[test]
fn many_streams_share_few_workers() {
    within(|| {
        let pool = processes().workers(2).build();
        let streams: Vec<_> =
            (0..20).map(|n| task().on(pool.clone()).stream_with(rows, 10 * n)).collect();
        for (n, stream) in (0..20).zip(streams) {
            assert!(stream.eq(rows(10 * n)));
        }
    });
}

#[test]
fn what_cannot_be_encoded_is_told_after_the_others() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Odd(u32);
    impl Serialize for Odd {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            if self.0 == 3 {
                return Err(serde::ser::Error::custom("three is odd"));
            }
            serializer.serialize_u32(self.0)
        }
    }
    within(|| {
        let call = task().on(one()).catch();
        let items: Vec<_> = call.stream_with(|()| (0..9).map(Odd), ()).collect();
        assert!(items[..3].iter().flatten().map(|odd| odd.0).eq(0..3));
        let text = items[3].as_ref().unwrap_err().to_string();
        assert!(text.contains("three is odd"), "{text}");
        assert_eq!(items.len(), 4);
    });
}

#[test]
fn an_item_that_is_too_large_is_refused_after_the_others() {
    within(|| {
        let pool = processes().workers(1).message_limit(1000).build();
        let pid = worker(&pool);
        let sizes = |()| [10, 1000, 1001].into_iter().map(|size| vec![0_u8; size]);
        let items: Vec<_> = task().on(pool.clone()).catch().stream_with(sizes, ()).collect();
        assert_eq!(items.iter().flatten().map(Vec::len).collect::<Vec<_>>(), [10, 1000]);
        let text = items[2].as_ref().unwrap_err().to_string();
        assert!(text.contains("1001 bytes, and 1000 may be sent"), "{text}");
        lives_on(&pool, pid);
    });
}

#[test]
fn nothing_is_left_of_streams_that_nobody_finished() {
    within(|| {
        let pool = processes().workers(2).build();
        let mut pids = Vec::new();
        for _ in 0..4 {
            let mut items =
                task().on(pool.clone()).stream_with(|()| iter::repeat_with(std::process::id), ());
            pids.extend(items.next());
        }
        drop(pool);
        for pid in pids {
            until("the worker leaves", || is_gone(pid));
            assert!(!fs::exists(format!("/proc/{pid}/exe")).unwrap_or(true));
        }
    });
}
