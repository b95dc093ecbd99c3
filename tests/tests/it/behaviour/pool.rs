//! In which order a pool begins what it was given, and where.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;

use background::{Background, Pool, background, pool, task};
use background_tests::{Gate, PATIENCE, until, within};

/// One worker, and no other thread in its place when it waits.
pub(super) fn single() -> Pool {
    pool().workers(1).max_threads(1).build()
}

/// Keeps one thread of a pool in a body until the gate is opened.
pub(super) fn hold(pool: &Pool) -> Gate {
    let (inside, gate) = (Gate::new(), Gate::new());
    let (entered, opened) = (inside.clone(), gate.clone());
    Background::detach(task().on(pool).spawn(move || {
        entered.open();
        opened.pass();
    }));
    inside.pass();
    gate
}

/// Waits for a task without the right to run it.
pub(super) fn wait<T>(future: &Background<T>) -> &T {
    Background::get_timeout(future, PATIENCE).expect("the pool comes to it")
}

/// Waits for tasks without the right to run them.
pub(super) fn wait_all(futures: &[Background<()>]) {
    for future in futures {
        wait(future);
    }
}

/// What ran, in this order.
#[derive(Clone, Default)]
struct Order(Arc<Mutex<Vec<usize>>>);

impl Order {
    fn note(&self, n: usize) {
        self.0.lock().unwrap().push(n);
    }

    /// Submits a task that notes its number.
    fn submit(&self, pool: &Pool, n: usize) -> Background<()> {
        let order = self.clone();
        task().on(pool).spawn(move || order.note(n))
    }

    fn take(&self) -> Vec<usize> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// Requires all numbers of a range, one after the other.
#[track_caller]
fn ascending(ran: &[usize], range: Range<usize>) {
    assert_eq!(ran.len(), range.len());
    if let Some(at) = ran.iter().zip(range).position(|(ran, expected)| *ran != expected) {
        let around = at.saturating_sub(3)..(at + 8).min(ran.len());
        panic!("out of order at {at}: {:?}", &ran[around]);
    }
}

/// So many that a worker takes several at once, and many times the turn comes at which it looks
/// for the oldest task of all.
#[test]
fn what_one_thread_submits_is_begun_in_its_order() {
    within(|| {
        for count in [100, 10_000] {
            let (pool, order) = (single(), Order::default());
            let gate = hold(&pool);
            let futures: Vec<_> = (0..count).map(|n| order.submit(&pool, n)).collect();
            gate.open();
            wait_all(&futures);
            ascending(&order.take(), 0..count);
        }
    });
}

#[test]
fn each_of_several_submitters_has_its_order() {
    const EACH: usize = 1_000;
    within(|| {
        let (pool, order) = (single(), Order::default());
        let gate = hold(&pool);
        let submit = |thread: usize| {
            for n in thread * EACH..(thread + 1) * EACH {
                Background::detach(order.submit(&pool, n));
            }
        };
        // Two are gone before their tasks begin, one stays.
        thread::scope(|scope| {
            scope.spawn(|| submit(0)).join().unwrap();
            scope.spawn(|| submit(1)).join().unwrap();
            submit(2);
        });
        gate.open();
        until("all have run", || order.0.lock().unwrap().len() == 3 * EACH);
        let ran = order.take();
        for thread in 0..3 {
            let of_it: Vec<_> = ran.iter().copied().filter(|n| n / EACH == thread).collect();
            ascending(&of_it, thread * EACH..(thread + 1) * EACH);
        }
    });
}

/// As few as this meet at most one turn at which the oldest of all comes first.
#[test]
fn a_task_of_the_pool_has_its_latest_submission_begun_first() {
    const COUNT: usize = 50;
    static ALONE: LazyLock<Pool> = LazyLock::new(single);
    within(|| {
        let order = Order::default();
        let submitter = task().on(&*ALONE).spawn({
            let order = order.clone();
            move || (0..COUNT).map(|n| order.submit(&ALONE, n)).collect::<Vec<_>>()
        });
        wait_all(wait(&submitter).as_slice());
        let ran = order.take();
        assert_eq!(ran.len(), COUNT);
        let mut left: Vec<_> = (0..COUNT).collect();
        let mut oldest_first = 0;
        for n in &ran {
            if left.last() == Some(n) {
                left.pop();
            } else {
                assert_eq!(left.first(), Some(n), "neither the latest nor the oldest: {ran:?}");
                left.remove(0);
                oldest_first += 1;
            }
        }
        assert!(oldest_first <= 1, "the oldest came first {oldest_first} times: {ran:?}");
    });
}

/// The submitter waits, and the one thread that takes its place comes from the other end.
#[test]
fn what_others_take_from_a_worker_is_its_oldest() {
    const COUNT: usize = 1_000;
    static TWO: LazyLock<Pool> = LazyLock::new(|| pool().workers(1).max_threads(2).build());
    within(|| {
        let (order, gate) = (Order::default(), Gate::new());
        let submitter = task().on(&*TWO).spawn({
            let (order, gate) = (order.clone(), gate.clone());
            move || {
                let futures: Vec<_> = (0..COUNT).map(|n| order.submit(&TWO, n)).collect();
                gate.pass();
                futures
            }
        });
        until("all have been taken", || order.0.lock().unwrap().len() == COUNT);
        gate.open();
        wait_all(wait(&submitter).as_slice());
        ascending(&order.take(), 0..COUNT);
    });
}

/// How many tasks of the streams have begun.
static BEGUN: AtomicUsize = AtomicUsize::new(0);
static OVER: AtomicBool = AtomicBool::new(false);
static STREAMED: LazyLock<Pool> = LazyLock::new(single);

/// A task that submits its own successor.
#[background(on = &*STREAMED)]
fn stream() {
    BEGUN.fetch_add(1, Ordering::Relaxed);
    if !OVER.load(Ordering::Relaxed) {
        Background::detach(stream());
    }
}

/// The worker's own submissions come first, but not for ever.
#[test]
fn a_stream_of_short_tasks_does_not_starve_a_queue() {
    const QUEUED: usize = 2_000;
    within(|| {
        let order = Order::default();
        let gate = hold(&STREAMED);
        (0..4).for_each(|_| Background::detach(stream()));
        (0..QUEUED).for_each(|n| Background::detach(order.submit(&STREAMED, n)));
        let last = task().on(&*STREAMED).spawn(|| BEGUN.load(Ordering::Relaxed));
        gate.open();
        let others = *wait(&last);
        OVER.store(true, Ordering::Relaxed);
        // One turn in 61 is the queue's, and where there are two queues every other of those.
        assert!(others < 150 * QUEUED, "{others} others for a queue of {QUEUED}");
        ascending(&order.take(), 0..QUEUED);
    });
}

/// The same where the queue is the worker's own, and lies below the stream.
#[test]
fn a_stream_does_not_starve_what_its_own_thread_queued_before() {
    static OWN: LazyLock<Pool> = LazyLock::new(single);
    static BEGUN: AtomicUsize = AtomicUsize::new(0);
    static OVER: AtomicBool = AtomicBool::new(false);
    #[background(on = &*OWN)]
    fn stream() {
        BEGUN.fetch_add(1, Ordering::Relaxed);
        if !OVER.load(Ordering::Relaxed) {
            Background::detach(stream());
        }
    }
    within(|| {
        let most = Arc::new(AtomicUsize::new(0));
        let submitter = task().on(&*OWN).spawn({
            let most = Arc::clone(&most);
            move || {
                let submit = |_| {
                    let most = Arc::clone(&most);
                    task().on(&*OWN).spawn(move || {
                        most.fetch_max(BEGUN.load(Ordering::Relaxed), Ordering::Relaxed)
                    })
                };
                let futures: Vec<_> = (0..100).map(submit).collect();
                Background::detach(stream());
                futures
            }
        });
        for future in wait(&submitter) {
            wait(future);
        }
        let others = most.load(Ordering::Relaxed);
        OVER.store(true, Ordering::Relaxed);
        assert!(others < 150 * 100, "{others} others for a queue of 100");
    });
}

#[test]
fn a_touched_task_runs_on_the_toucher() {
    within(|| {
        let pool = single();
        let gate = hold(&pool);
        let here = thread::current().id();
        let futures: Vec<_> =
            (0..100).map(|_| task().on(&pool).spawn(|| thread::current().id())).collect();
        // The newest, the oldest, one from the middle, and one from another thread.
        assert_eq!(*futures[99], here);
        assert_eq!(*futures[0], here);
        assert_eq!(*futures[50], here);
        thread::scope(|scope| {
            let other = scope.spawn(|| *futures[51] == thread::current().id());
            assert!(other.join().unwrap());
        });
        let status = |n: usize| Background::status(&futures[n]).to_string();
        assert!(status(1).contains("waiting"), "only what is touched runs: {}", status(1));
        gate.open();
        let worker = *wait(&futures[1]);
        assert_ne!(worker, here);
        let touched = [0, 50, 51, 99];
        for n in (0..100).filter(|n| !touched.contains(n)) {
            assert_eq!(*wait(&futures[n]), worker, "{n}");
        }
    });
}

/// From inside the pool too, whoever submitted it and wherever it lies.
#[test]
fn a_touched_task_runs_on_the_worker_that_touches_it() {
    static ALONE: LazyLock<Pool> = LazyLock::new(single);
    #[background(on = &*ALONE)]
    fn here() -> thread::ThreadId {
        thread::current().id()
    }
    within(|| {
        let gate = hold(&ALONE);
        let (outside, inside) = (here(), Gate::new());
        let asked = task().on(&*ALONE).spawn({
            let inside = inside.clone();
            move || {
                inside.open();
                let own: Vec<_> = (0..10).map(|_| here()).collect();
                let me = thread::current().id();
                [&own[9], &own[0], &own[5], &outside].iter().all(|it| ***it == me)
            }
        });
        gate.open();
        inside.pass();
        assert!(wait(&asked));
    });
}
