//! Timers, real ones and virtual ones.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use background::cooperative::{Command, Worker, assign, repeat, sleep, timeout, wrap, yield_now};
use background::{Background, Timeout, VirtualClock, checkpoint, spawn, task};
use background_tests::within;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);
/// A second less.
const LESS: Duration = Duration::from_secs(3599);

#[test]
fn a_sleep_takes_at_least_its_time() {
    within(|| {
        let worker = Worker::new();
        let begin = Instant::now();
        let naps = [30, 10, 20].map(Duration::from_millis);
        let order = Rc::new(RefCell::new(Vec::new()));
        for nap in naps {
            let order = Rc::clone(&order);
            let _ = worker.assign(async move {
                sleep(nap).await;
                order.borrow_mut().push((nap, begin.elapsed()));
            });
        }
        worker.work();
        let order = order.borrow();
        assert!(order.iter().all(|(nap, took)| took >= nap), "{order:?}");
        assert!(order.is_sorted(), "{order:?}");
    });
}

#[test]
fn a_sleep_of_no_time_is_a_turn() {
    let (worker, log) = (Worker::new(), super::Log::default());
    for name in ["a", "b"] {
        let log = log.clone();
        let _ = worker.assign(async move {
            for turn in 0..3 {
                log.note(format!("{name}{turn}"));
                sleep(Duration::ZERO).await;
            }
        });
    }
    worker.work();
    assert_eq!(log.all(), "a0,b0,a1,b1,a2,b2");
}

/// CPU time of the calling thread.
#[cfg(target_os = "linux")]
fn cpu_time() -> Duration {
    let stat =
        std::fs::read_to_string("/proc/thread-self/schedstat").expect("what the thread used");
    let nanos = stat.split_whitespace().next().expect("time on a core").parse().expect("a number");
    Duration::from_nanos(nanos)
}

#[cfg(target_os = "linux")]
#[test]
fn a_worker_that_sleeps_uses_no_core() {
    within(|| {
        let (before, begin) = (cpu_time(), Instant::now());
        wrap(sleep(2 * SECOND));
        let (used, took) = (cpu_time().saturating_sub(before), begin.elapsed());
        assert!(took >= 2 * SECOND);
        assert!(used * 100 < took, "{used:?} in {took:?}");
    });
}

#[test]
fn ten_thousand_may_sleep() {
    within(|| {
        let worker = Worker::new();
        let woken = Rc::new(Cell::new(0));
        for nth in 0..10_000_u64 {
            let woken = Rc::clone(&woken);
            let _ = worker.assign(async move {
                sleep(Duration::from_micros(nth * 37 % 10_000)).await;
                woken.set(woken.get() + 1);
            });
        }
        worker.work();
        assert_eq!(woken.get(), 10_000);
    });
}

#[test]
fn a_timeout_ends_what_takes_too_long() {
    let clock = VirtualClock::new();
    let worker = Worker::with_clock(&clock);
    let both = worker.assign(async {
        let slow = timeout(SECOND, sleep(HOUR)).await;
        let quick = timeout(HOUR, sleep(SECOND)).await;
        (slow, quick)
    });
    assert_eq!(*both, (Err(Timeout), Ok(())));
    assert_eq!(clock.now(), 2 * SECOND);
    assert_eq!(worker.len(), 0);
}

/// What happens in an hour, each with its time.
fn an_hour() -> Vec<(u64, &'static str)> {
    let clock = VirtualClock::new();
    let worker = Worker::with_clock(&clock);
    let log = Rc::new(RefCell::new(Vec::new()));
    let note = |what: &'static str| {
        let (log, clock) = (Rc::clone(&log), clock.clone());
        move || log.borrow_mut().push((clock.now().as_secs(), what))
    };
    let every = [(60, "minute"), (7, "seven"), (900, "quarter")]
        .map(|(pause, what)| worker.assign(repeat(Duration::from_secs(pause), note(what))));
    let end = note("end");
    let _ = worker.assign(async move {
        sleep(HOUR).await;
        end();
        for endless in &every {
            Background::cancel(endless);
        }
    });
    worker.work();
    log.take()
}

#[test]
fn an_hour_takes_no_time_and_always_goes_the_same_way() {
    within(|| {
        let begin = Instant::now();
        let hour = an_hour();
        assert!(begin.elapsed() < 60 * SECOND, "{:?}", begin.elapsed());
        assert_eq!(hour[..3], [(0, "minute"), (0, "seven"), (0, "quarter")]);
        let count = |what| hour.iter().filter(|(_, it)| *it == what).count();
        assert_eq!((count("seven"), count("end")), (3600 / 7 + 1, 1));
        assert!(hour.is_sorted_by_key(|(second, _)| *second));
        assert!(hour.iter().all(|(second, what)| match *what {
            "minute" => second % 60 == 0,
            "seven" => second % 7 == 0,
            "quarter" => second % 900 == 0,
            _ => *second == 3600,
        }));
        for _ in 0..10 {
            assert_eq!(an_hour(), hour);
        }
    });
}

/// By hand, for a program that ticks.
#[test]
fn a_tick_leaves_the_clock_alone() {
    let clock = VirtualClock::new();
    let worker = Worker::with_clock(&clock);
    let x = worker.assign(sleep(SECOND));
    assert!(worker.tick());
    assert!(!worker.tick());
    assert_eq!(clock.now(), Duration::ZERO);
    clock.advance(SECOND / 2);
    assert!(!worker.tick());
    clock.advance(SECOND / 2);
    assert!(worker.tick());
    assert!(Background::is_ready(&x));
}

#[test]
fn a_virtual_clock_waits_for_commands() {
    within(|| {
        let clock = VirtualClock::new();
        let worker = Worker::with_clock(&clock);
        let status = worker
            .assign(async { timeout(HOUR, Command::new("sleep").arg("0.05").output()).await });
        assert!(Background::join(status).expect("the hour is not over").is_ok());
        assert_eq!(clock.now(), Duration::ZERO);
    });
}

/// Limits of tasks on threads, in virtual time.
#[test]
fn limits_of_other_strategies_follow_the_clock() {
    within(|| {
        let clock = VirtualClock::new();
        let (started, has_started) = std::sync::mpsc::channel();
        let endless = task().clock(&clock).timeout(HOUR).dedicated().spawn(move || {
            started.send(()).unwrap();
            loop {
                checkpoint();
                std::thread::yield_now();
            }
            #[allow(unreachable_code)]
            ()
        });
        has_started.recv().unwrap();
        clock.advance(LESS);
        assert!(!Background::is_ready(&endless));
        clock.advance(SECOND);
        assert!(endless == Timeout);
    });
}

#[test]
fn a_deadline_in_virtual_time_is_inherited() {
    within(|| {
        let clock = VirtualClock::new();
        let left = task().clock(&clock).deadline(HOUR).inline().spawn({
            let clock = clock.clone();
            move || {
                clock.advance(SECOND);
                Background::join(spawn(|| background::current().and_then(|it| it.remaining())))
            }
        });
        assert_eq!(*left, Ok(Some(LESS)));
        // Nothing is left of either in the clock.
        clock.advance(2 * HOUR);
        assert_eq!(*left, Ok(Some(LESS)));
    });
}

#[test]
fn a_value_that_comes_too_late_in_virtual_time_is_a_timeout() {
    let clock = VirtualClock::new();
    let own = clock.clone();
    let late = task().clock(&clock).timeout(SECOND).inline().spawn(move || own.advance(SECOND));
    assert!(late == Timeout);
    let none = task().clock(&clock).timeout(Duration::ZERO).inline().spawn(|| ());
    assert!(none == Timeout);
}

/// The worker's clock goes for its routines' limits as well, and jumps to them.
#[test]
fn a_routines_limit_follows_its_worker() {
    within(|| {
        let clock = VirtualClock::new();
        let worker = Worker::with_clock(&clock);
        let endless = task().timeout(HOUR).assign(&worker, async {
            let pool = task().name("for ever").on(background::strategies::Lazy).spawn(|| 1);
            yield_now().await;
            drop(pool);
            std::future::pending::<()>().await;
        });
        worker.work();
        assert!(endless == Timeout);
        assert_eq!(clock.now(), HOUR);
    });
}

#[test]
fn a_sleep_outside_of_a_worker_says_what_to_write() {
    let lost = task().dedicated().spawn_async(async { sleep(SECOND).await });
    let failure = Background::outcome(&lost).unwrap_err().to_string();
    assert!(failure.contains("await it in one of its routines"), "{failure}");
}

#[test]
fn many_timers_of_one_moment_go_off_in_the_order_they_were_set() {
    let worker = Worker::with_clock(&VirtualClock::new());
    let log = super::Log::default();
    for nth in 0..100 {
        let log = log.clone();
        let _ = worker.assign(async move {
            sleep(SECOND).await;
            log.note(nth);
        });
    }
    worker.work();
    let expected: Vec<_> = (0..100).map(|nth| nth.to_string()).collect();
    assert_eq!(log.all(), expected.join(","));
    assert_eq!(wrap(async { assign(async { 1 }).await }), 1);
}
