//! How items go from producer to consumer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use background::{Background, BackgroundIter, Strategy, Task, join_all, spawn, strategies, task};
use background_tests::{Gate, until, within};

/// A thread for each task.
struct Fresh;

impl Strategy for Fresh {
    fn start(&self, task: Task) {
        thread::spawn(|| task.run());
    }
}

fn strategies() -> [(&'static str, Arc<dyn Strategy + Send + Sync>); 5] {
    [
        ("thread", Arc::new(strategies::Thread)),
        ("dedicated", Arc::new(strategies::Dedicated::new())),
        ("inline", Arc::new(strategies::Inline)),
        ("lazy", Arc::new(strategies::Lazy)),
        ("fresh", Arc::new(Fresh)),
    ]
}

#[test]
fn all_items_arrive_in_order_whatever_the_look_ahead() {
    within(|| {
        for (name, strategy) in strategies() {
            for look_ahead in [0, 1, 2, 3, 64, 1000, usize::MAX] {
                let items = task().on(Arc::clone(&strategy)).look_ahead(look_ahead);
                let items: Vec<u32> = items.stream(|| 0..500).collect();
                assert!(items.into_iter().eq(0..500), "{name}, {look_ahead} ahead");
            }
        }
    });
}

#[test]
fn an_empty_stream_has_an_end() {
    within(|| {
        for (_, strategy) in strategies() {
            let mut none = task().on(strategy).stream(std::iter::empty::<String>);
            assert_eq!(none.next(), None);
            assert_eq!(none.next(), None);
            assert_eq!(none.size_hint(), (0, Some(0)));
            assert!(BackgroundIter::is_finished(&none));
        }
    });
}

#[test]
fn no_more_are_made_than_the_look_ahead_says() {
    within(|| {
        for (name, strategy) in strategies() {
            let made = Arc::new(AtomicUsize::new(0));
            let counted = Arc::clone(&made);
            let mut items = task().on(strategy).look_ahead(4).stream(move || {
                (0..100).inspect(move |_| {
                    counted.fetch_add(1, Ordering::SeqCst);
                })
            });
            for had in 0..90 {
                assert_eq!(items.next(), Some(had), "{name}");
                let made = made.load(Ordering::SeqCst);
                let had = usize::try_from(had).unwrap() + 1;
                assert!(made <= had + 4, "{name}: {made} made when {had} were had");
            }
            // All that may be made is made, though nobody asks for it.
            if name != "inline" {
                until("the producer runs ahead", || BackgroundIter::ahead(&items) >= 2);
            }
            assert!(made.load(Ordering::SeqCst) <= 94, "{name}");
        }
    });
}

#[test]
fn items_arrive_while_the_producer_runs() {
    within(|| {
        let (first, second) = (Gate::new(), Gate::new());
        let gates = [first.clone(), second.clone()];
        let mut items = task().dedicated().stream(move || {
            gates.into_iter().enumerate().map(|(n, gate)| {
                gate.pass();
                n
            })
        });
        assert_eq!(BackgroundIter::try_next(&mut items), Poll::Pending);
        let soon = Duration::from_millis(1);
        assert_eq!(BackgroundIter::next_timeout(&mut items, soon), Poll::Pending);
        first.open();
        assert_eq!(items.next(), Some(0));
        assert!(!BackgroundIter::is_finished(&items));
        second.open();
        let patience = background_tests::PATIENCE;
        assert_eq!(BackgroundIter::next_timeout(&mut items, patience), Poll::Ready(Some(1)));
        assert_eq!(items.next(), None);
    });
}

/// Chunks as `AsynQueue`'s process workers send them.
#[test]
fn a_hundred_chunks_of_fifty_arrive_in_order() {
    within(|| {
        let chunks = task().stream(|| (0..100_u64).map(|n| vec![n; 50]));
        let mut count = 0;
        for (n, chunk) in chunks.enumerate() {
            assert_eq!(chunk, [n as u64; 50]);
            count += 1;
        }
        assert_eq!(count, 100);
    });
}

#[test]
fn many_streams_that_nobody_reads_keep_no_worker_from_others() {
    within(|| {
        let streams: Vec<_> =
            (0..200).map(|n| task().look_ahead(1).stream(move || n..n + 3)).collect();
        for stream in &streams {
            until("each has begun", || BackgroundIter::ahead(stream) == 1);
        }
        assert_eq!(spawn(|| 7), 7);
        let sums: Vec<u32> = streams.into_iter().map(Iterator::sum).collect();
        assert!(sums.into_iter().eq((0..200).map(|n| 3 * n + 3)));
    });
}

#[test]
fn a_stream_is_read_within_a_task_on_the_last_worker() {
    within(|| {
        let pool = Arc::new(background::pool().workers(1).max_threads(1).build());
        let sums = (0..4).map(|n| {
            let own = Arc::clone(&pool);
            task()
                .on(Arc::clone(&pool))
                .spawn(move || task().on(own).stream(move || n..n + 100).sum())
        });
        let sums: Vec<u32> = Background::join(join_all(sums.collect::<Vec<_>>()));
        assert!(sums.into_iter().eq((0..4).map(|n| 100 * n + 4950)));
    });
}

#[test]
fn a_stream_may_be_read_from_any_thread_in_turn() {
    within(|| {
        for (name, strategy) in strategies() {
            let mut items = task().on(strategy).look_ahead(2).stream(|| 0..20);
            for n in 0..10 {
                let back = thread::spawn(move || {
                    assert_eq!((items.next(), items.next()), (Some(2 * n), Some(2 * n + 1)));
                    items
                });
                items = back.join().unwrap_or_else(|_| panic!("{name}"));
            }
            assert_eq!(items.next(), None);
        }
    });
}
