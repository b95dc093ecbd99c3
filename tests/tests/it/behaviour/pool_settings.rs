//! Pools of one's own, and what can be said of a pool.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, LazyLock, Mutex};
use std::thread;
use std::time::Duration;

use background::{Background, Pool, PoolBuilder, background, pool, task};
use background_tests::{Gate, PATIENCE, until, within};

use super::pool::{hold, single, wait};

/// The threads of a pool that have come and gone, by their numbers.
#[derive(Clone, Default)]
pub(super) struct Visitors(Arc<Visits>);

#[derive(Default)]
struct Visits {
    came: Mutex<Vec<u64>>,
    gone: Mutex<Vec<u64>>,
    left: Condvar,
}

impl Visitors {
    /// Makes a pool count its threads here.
    pub(super) fn of(&self, pool: PoolBuilder) -> PoolBuilder {
        let (first, last) = (Arc::clone(&self.0), Arc::clone(&self.0));
        pool.on_thread_start(move |number| first.came.lock().unwrap().push(number)).on_thread_exit(
            move |number| {
                last.gone.lock().unwrap().push(number);
                last.left.notify_all();
            },
        )
    }

    /// How many threads there have been.
    pub(super) fn came(&self) -> usize {
        self.0.came.lock().unwrap().len()
    }

    /// Waits until so many threads have left.
    #[track_caller]
    fn wait_for(&self, count: usize) {
        let gone = self.0.gone.lock().unwrap();
        let (gone, late) =
            self.0.left.wait_timeout_while(gone, PATIENCE, |gone| gone.len() < count).unwrap();
        assert!(!late.timed_out(), "{} of {count} threads have left", gone.len());
    }

    /// Waits until all that have come have left, and requires each to have come and left once.
    #[track_caller]
    fn all_leave(&self) {
        self.wait_for(self.came());
        let mut came = self.0.came.lock().unwrap().clone();
        let mut gone = self.0.gone.lock().unwrap().clone();
        came.sort_unstable();
        gone.sort_unstable();
        assert_eq!(came, (1..=came.len() as u64).collect::<Vec<_>>(), "counted from 1");
        assert_eq!(came, gone);
    }
}

fn name() -> String {
    thread::current().name().unwrap_or_default().to_owned()
}

#[test]
fn a_pool_in_a_static_is_a_strategy() {
    static DISK: LazyLock<Pool> = LazyLock::new(|| pool().workers(2).thread_name("disk").build());
    #[background(on = &*DISK)]
    fn on_disk() -> String {
        name()
    }
    struct Service {
        pool: Arc<Pool>,
    }
    impl Service {
        #[background(on = self.pool.clone())]
        fn serve(self: Arc<Self>) -> String {
            name()
        }
    }
    within(|| {
        let future = on_disk();
        assert!(wait(&future).starts_with("disk-"), "{}", *future);
        let service = Arc::new(Service { pool: Arc::new(pool().thread_name("own").build()) });
        let future = Arc::clone(&service).serve();
        assert!(wait(&future).starts_with("own-"), "{}", *future);
        // What a body calls goes where the callee says, not where the body runs.
        let nested = task().on(&service.pool).spawn(|| {
            let nested = on_disk();
            wait(&nested).clone()
        });
        assert!(wait(&nested).starts_with("disk-"), "{}", *nested);
        assert_eq!(DISK.workers(), 2);
    });
}

#[test]
fn a_pools_threads_have_its_name_and_stack() {
    /// Much more than a thread has by default, in frames of 8 KiB.
    const DEPTH: u32 = 2048;

    fn sink(depth: u32) -> u32 {
        let frame = std::hint::black_box([0_u8; 8192]);
        if depth == 0 { u32::from(frame[0]) } else { sink(depth - 1) + 1 }
    }

    within(|| {
        let pool = pool().workers(1).thread_name("deep").stack_size(128 << 20).build();
        let future = task().on(&pool).spawn(|| (sink(DEPTH), name()));
        assert_eq!(*wait(&future), (DEPTH, "deep-1".to_owned()));
    });
}

/// As no thread can have such a stack, none can be had; then the submitter's has to do.
#[test]
fn a_stack_that_cannot_be_had_stops_nobody() {
    within(|| {
        let pool = Arc::new(pool().stack_size(1 << 60).build());
        let ran = Arc::new(AtomicUsize::new(0));
        let futures: Vec<_> = (0..100).map(|n| task().on(&pool).spawn(move || n)).collect();
        for (n, future) in futures.iter().enumerate() {
            assert_eq!(*wait(future), n);
        }
        for _ in 0..100 {
            let ran = Arc::clone(&ran);
            Background::detach(task().on(&pool).timeout(PATIENCE).spawn(move || {
                ran.fetch_add(1, Ordering::SeqCst);
            }));
        }
        until("the detached ones have run", || ran.load(Ordering::SeqCst) == 100);
        assert_eq!(pool.threads(), 0);
    });
}

/// Each of many threads is refused one, sees the others' attempts, and waits for nobody.
#[test]
fn refused_threads_leave_no_task_behind() {
    const SUBMITTERS: usize = 8;
    const EACH: usize = 2_000;
    within(|| {
        let pool = pool().stack_size(1 << 60).build();
        let ran = AtomicUsize::new(0);
        let ran: &'static AtomicUsize = Box::leak(Box::new(ran));
        let end = Gate::new();
        thread::scope(|scope| {
            for _ in 0..SUBMITTERS {
                let (pool, end) = (&pool, &end);
                scope.spawn(move || {
                    for _ in 0..EACH {
                        Background::detach(task().on(pool).spawn(|| {
                            ran.fetch_add(1, Ordering::SeqCst);
                        }));
                    }
                    // What a thread leaves behind at its end, others would be told of.
                    end.pass();
                });
            }
            let all = || ran.load(Ordering::SeqCst) == SUBMITTERS * EACH;
            let waited = catch_unwind(AssertUnwindSafe(|| until("all have run", all)));
            end.open();
            waited.unwrap_or_else(|_| panic!("{} ran", ran.load(Ordering::SeqCst)));
        });
    });
}

#[test]
fn hooks_are_called_once_per_thread_and_on_it() {
    within(|| {
        let names = Arc::new(Mutex::new(HashSet::new()));
        let seen = Arc::clone(&names);
        let exits = Arc::new(AtomicUsize::new(0));
        let left = Arc::clone(&exits);
        let pool = pool()
            .workers(4)
            .keep_alive(Duration::ZERO)
            .thread_name("hooked")
            .on_thread_start(move |number| {
                assert_eq!(name(), format!("hooked-{number}"));
                assert!(seen.lock().unwrap().insert(number), "{number} came twice");
            })
            .on_thread_exit(move |number| {
                assert_eq!(name(), format!("hooked-{number}"));
                left.fetch_add(1, Ordering::SeqCst);
            })
            .build();
        for round in 0..20 {
            let futures: Vec<_> = (0..20).map(|_| task().on(&pool).spawn(name)).collect();
            for future in &futures {
                let name = wait(future).clone();
                let number = name.strip_prefix("hooked-").and_then(|it| it.parse().ok());
                let known = number.is_some_and(|it: u64| names.lock().unwrap().contains(&it));
                assert!(known, "round {round}: {name} ran a task before its hook");
            }
            until("all threads leave", || {
                pool.threads() == 0 && exits.load(Ordering::SeqCst) == names.lock().unwrap().len()
            });
        }
        let most = names.lock().unwrap().len() as u64;
        assert!(most >= 20, "the threads stayed: {most}");
    });
}

/// What a hook waits for may need the pool.
#[test]
fn a_hook_that_waits_keeps_nobody_else() {
    within(|| {
        let gate = Gate::new();
        let waits = gate.clone();
        let pool = pool()
            .workers(2)
            .on_thread_start(move |number| {
                if number == 1 {
                    waits.pass();
                }
            })
            .build();
        let first = task().on(&pool).spawn(|| 1);
        let second = task().on(&pool).spawn(move || gate.open());
        wait(&second);
        assert_eq!(*wait(&first), 1);
    });
}

#[test]
fn idle_threads_leave_and_others_come() {
    within(|| {
        let visitors = Visitors::default();
        let pool = visitors.of(pool()).workers(4).keep_alive(Duration::from_millis(20)).build();
        for round in 1..4 {
            let together = Arc::new(std::sync::Barrier::new(4));
            let futures: Vec<_> = (0..4)
                .map(|_| {
                    let together = Arc::clone(&together);
                    task().on(&pool).spawn(move || together.wait().is_leader())
                })
                .collect();
            assert_eq!(futures.iter().filter(|future| *wait(future)).count(), 1);
            until("all threads leave", || pool.threads() == 0);
            visitors.all_leave();
            assert!(visitors.came() >= 4 * round, "{} came", visitors.came());
        }
    });
}

/// Not one of the three limits of time, sums and counts is passed by mistake.
#[test]
fn threads_may_stay_for_good() {
    within(|| {
        let visitors = Visitors::default();
        let pool = visitors.of(pool()).workers(1).max_threads(1).keep_alive(Duration::MAX).build();
        for n in 0..100 {
            let future = task().on(&pool).spawn(move || n);
            assert_eq!(*wait(&future), n);
        }
        assert_eq!((visitors.came(), pool.threads()), (1, 1));
        drop(pool);
        visitors.all_leave();
    });
}

#[test]
fn a_dropped_pool_runs_what_it_was_given() {
    const QUEUED: usize = 1_000;
    within(|| {
        for workers in [1, 4] {
            let visitors = Visitors::default();
            let pool = visitors.of(pool()).workers(workers).max_threads(workers).build();
            let gates: Vec<_> = (0..workers).map(|_| hold(&pool)).collect();
            let ran = Arc::new(AtomicUsize::new(0));
            let futures: Vec<_> = (0..QUEUED)
                .map(|_| {
                    let ran = Arc::clone(&ran);
                    task().on(&pool).spawn(move || ran.fetch_add(1, Ordering::SeqCst))
                })
                .collect();
            drop(pool);
            assert_eq!(ran.load(Ordering::SeqCst), 0);
            for gate in &gates {
                gate.open();
            }
            for future in &futures {
                assert!(*wait(future) < QUEUED);
            }
            assert_eq!(ran.load(Ordering::SeqCst), QUEUED);
            visitors.all_leave();
            assert_eq!(visitors.came(), workers);
        }
    });
}

/// Its idle threads leave at once, however long they would have stayed.
#[test]
fn a_dropped_idle_pool_lets_its_threads_go() {
    within(|| {
        let visitors = Visitors::default();
        let pool = visitors.of(pool()).workers(2).keep_alive(Duration::MAX).build();
        for n in 0..10 {
            let future = task().on(&pool).spawn(move || n);
            assert_eq!(*wait(&future), n);
        }
        drop(pool);
        visitors.all_leave();
        let visitors = Visitors::default();
        drop(visitors.of(background::pool()).build());
        assert_eq!(visitors.came(), 0);
    });
}

/// The last who holds it may be one of its own bodies, and that may submit and touch until then.
#[test]
fn a_pool_may_be_dropped_by_one_of_its_tasks() {
    within(|| {
        let visitors = Visitors::default();
        let pool = Arc::new(visitors.of(pool()).workers(1).max_threads(1).build());
        let gate = hold(&pool);
        let own = Arc::clone(&pool);
        let last = task().on(&pool).spawn(move || {
            let (touched, left) = (task().on(&own).spawn(|| 1), task().on(&own).spawn(|| 2));
            drop(own);
            (*touched, left)
        });
        drop(pool);
        gate.open();
        let (touched, left) = wait(&last);
        assert_eq!((*touched, *wait(left)), (1, 2));
        visitors.all_leave();
    });
}

#[background(on = &*NARROW)]
fn fib(n: u64) -> u64 {
    if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}

static NARROW: LazyLock<Pool> = LazyLock::new(single);

/// One thread, and tasks that wait for each other: whoever waits runs what it waits for.
#[test]
fn a_single_thread_is_enough_for_touches() {
    within(|| {
        assert_eq!(fib(15), 610);
        let inside = task().on(&*NARROW).spawn(|| *fib(15));
        assert_eq!(*wait(&inside), 610);
        // A chain whose first member is the last to be submitted.
        let first = Arc::new(Mutex::new(None::<Background<u32>>));
        let mut chain = Vec::new();
        let gate = hold(&NARROW);
        for n in 0..50 {
            let earlier: Option<Arc<Background<u32>>> = chain.last().cloned();
            let first = Arc::clone(&first);
            chain.push(Arc::new(task().on(&*NARROW).spawn(move || match earlier {
                Some(earlier) => **earlier + 1,
                None => first.lock().unwrap().take().map_or(0, Background::join) + n,
            })));
        }
        *first.lock().unwrap() = Some(task().on(&*NARROW).spawn(|| 7));
        gate.open();
        assert_eq!(*wait(&chain[49]), 7 + 49);
        assert_eq!(NARROW.threads(), 1);
    });
}

#[test]
fn a_setting_that_cannot_be_is_refused_with_what_can() {
    let refused = |what: fn() -> Pool, expected: &str| {
        let payload = catch_unwind(what).expect_err(expected);
        let message = payload.downcast_ref::<String>().expect("a formatted message");
        assert_eq!(message, expected);
    };
    refused(
        || pool().workers(0).build(),
        "a pool cannot have 0 workers; write a number from 1 to 4096",
    );
    refused(
        || pool().workers(4097).build(),
        "a pool cannot have 4097 workers; write a number from 1 to 4096",
    );
    refused(
        || pool().thread_name("a\0b").build(),
        "the name of a thread cannot contain a zero byte: \"a\\0b\"",
    );
    refused(
        || pool().workers(3).max_threads(2).build(),
        "a pool of 3 workers needs as many threads, but max_threads is 2",
    );
    let payload = catch_unwind(|| pool().max_threads(0).build()).expect_err("0 threads");
    assert_eq!(payload.downcast_ref(), Some(&"a pool cannot do with 0 threads; write 1 or more"));
    assert_eq!(pool().workers(4096).build().workers(), 4096);
    assert_eq!(pool().max_threads(1).build().workers(), 1);
    assert_eq!(pool().max_threads(usize::MAX).workers(2).build().workers(), 2);
}
