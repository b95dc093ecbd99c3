//! What the program's own pool does when it is all that runs.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use background::{Background, background, pool, spawn, task};
use background_tests::{Gate, PATIENCE, until};

fn name() -> String {
    thread::current().name().unwrap_or_default().to_owned()
}

/// Waits without the right to run the task.
fn wait<T>(future: &Background<T>) -> &T {
    Background::get_timeout(future, PATIENCE).expect("the pool comes to it")
}

/// Waits for tasks without the right to run them.
fn wait_all(futures: &[Background<()>]) {
    for future in futures {
        wait(future);
    }
}

/// So many bodies that wait for each other without ever leaving their cores.
fn spin_together(count: usize) {
    let inside = Arc::new(AtomicUsize::new(0));
    let futures: Vec<_> = (0..count)
        .map(|_| {
            let inside = Arc::clone(&inside);
            spawn(move || {
                inside.fetch_add(1, Ordering::SeqCst);
                while inside.load(Ordering::SeqCst) < count {
                    std::hint::spin_loop();
                }
            })
        })
        .collect();
    wait_all(&futures);
}

/// How many of `count` computing bodies were inside together.
fn most_together(count: usize) -> usize {
    let (inside, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let futures: Vec<_> = (0..count)
        .map(|_| {
            let (inside, most) = (Arc::clone(&inside), Arc::clone(&most));
            spawn(move || {
                most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                compute(Duration::from_millis(2));
                inside.fetch_sub(1, Ordering::SeqCst);
            })
        })
        .collect();
    wait_all(&futures);
    most.load(Ordering::SeqCst)
}

/// Computes for about so long on a core of its own.
fn compute(time: Duration) {
    let begin = Instant::now();
    while begin.elapsed() < time {
        std::hint::spin_loop();
    }
}

fn sink(depth: u32) -> u32 {
    let frame = std::hint::black_box([0_u8; 8192]);
    if depth == 0 { u32::from(frame[0]) } else { sink(depth - 1) + 1 }
}

/// What a setting does, whoever made it: the environment, or `install`.
pub(crate) fn setting(what: &str) {
    match what {
        "three workers" => spin_together(3),
        "one worker" => assert_eq!(most_together(40), 1),
        "two threads" => {
            // Both wait in bodies: nobody is left, until one of them goes on.
            let gate = Gate::new();
            let inside = Arc::new(AtomicUsize::new(0));
            let held: Vec<_> = (0..8)
                .map(|_| {
                    let (gate, inside) = (gate.clone(), Arc::clone(&inside));
                    spawn(move || {
                        inside.fetch_add(1, Ordering::SeqCst);
                        gate.pass();
                        name()
                    })
                })
                .collect();
            until("two are inside", || inside.load(Ordering::SeqCst) == 2);
            gate.open();
            let names: HashSet<_> = held.iter().map(wait).collect();
            assert!(names.len() <= 2, "{names:?}");
        }
        "leaves" => {
            assert!(wait(&spawn(name)).starts_with("background-"));
            until("the threads have left", || threads_named("background-") == 0);
        }
        "name" => println!("{}", wait(&spawn(name))),
        "stack" => assert_eq!(*wait(&spawn(|| sink(2048))), 2048),
        _ => panic!("what: {what}"),
    }
}

/// The program's pool as the program describes it.
pub(crate) fn install(when: &str) {
    let description = || pool().workers(3).thread_name("installed").stack_size(64 << 20);
    match when {
        "before" => {
            description().install().expect("nothing has run yet");
            assert!(wait(&spawn(name)).starts_with("installed-"));
            spin_together(3);
            assert_eq!(*wait(&spawn(|| sink(2048))), 2048);
        }
        "after" => assert!(wait(&spawn(name)).starts_with("background-")),
        _ => panic!("when: {when}"),
    }
    let error = description().install().expect_err("there is one");
    let expected = "the program's pool exists already; call `install` before the first task";
    assert_eq!(error.to_string(), expected);
    assert_eq!(spawn(|| 1), 1);
}

/// How many threads of this process have names that begin so.
fn threads_named(begin: &str) -> usize {
    // Linux keeps fifteen letters.
    let begin = &begin[..begin.len().min(15)];
    let threads = std::fs::read_dir("/proc/self/task").expect("Linux").flatten();
    threads
        .filter_map(|thread| std::fs::read_to_string(thread.path().join("comm")).ok())
        .filter(|name| name.starts_with(begin))
        .count()
}

/// How often threads of this process have been put on a core.
fn switches() -> u64 {
    let threads = std::fs::read_dir("/proc/self/task").expect("Linux").flatten();
    threads
        .filter_map(|thread| std::fs::read_to_string(thread.path().join("status")).ok())
        .map(|status| {
            let counts = status.lines().filter(|line| line.contains("_ctxt_switches"));
            counts
                .filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok())
                .sum::<u64>()
        })
        .sum()
}

/// After a burst of all kinds of work nothing stirs, and then the threads are gone.
pub(crate) fn idle() {
    const QUIET: Duration = Duration::from_secs(2);
    pool().keep_alive(Duration::from_secs(6)).install().expect("nothing has run yet");
    let futures: Vec<_> = (0..10_000).map(|n| spawn(move || n)).collect();
    assert_eq!(futures.into_iter().map(Background::join).sum::<u64>(), 49_995_000);
    let sleepers: Vec<_> =
        (0..50).map(|_| spawn(|| thread::sleep(Duration::from_millis(20)))).collect();
    wait_all(&sleepers);
    assert_eq!(most_together(200).min(1), 1);
    // What the overseer looks at once more, and what a worker spins for, is over soon. A window
    // in which all is quiet has to come before the threads leave.
    let begin = Instant::now();
    let (lock, never) = (Mutex::new(()), Condvar::new());
    let mut seen = Vec::new();
    let quiet = loop {
        let before = switches();
        let guard = lock.lock().unwrap();
        drop(never.wait_timeout_while(guard, QUIET, |()| true));
        // A thread that has left meanwhile takes its own along.
        let stirred = switches().abs_diff(before);
        seen.push(stirred);
        // This thread's own sleep, and what reading /proc costs.
        if stirred <= 8 || begin.elapsed() > PATIENCE {
            break stirred;
        }
    };
    println!("{seen:?} switches");
    assert!(quiet <= 8 && seen.len() <= 2, "{seen:?} switches in {QUIET:?} each");
    assert!(threads_named("background-") > 0, "they were gone before they were looked at");
    until("the threads have left", || threads_named("background-") == 0);
    assert_eq!(spawn(|| 1), 1);
}

/// Ten thousand sleeping bodies share the time, on no more threads than may be.
pub(crate) fn sleepers() {
    let pool = pool().build();
    let begin = Instant::now();
    let futures: Vec<_> = (0..10_000)
        .map(|_| task().on(&pool).spawn(|| thread::sleep(Duration::from_millis(100))))
        .collect();
    let mut most = 0;
    until("all have slept", || {
        most = most.max(pool.threads());
        futures.iter().rev().all(Background::is_ready)
    });
    let took = begin.elapsed();
    println!("{took:?} on {most} threads");
    assert!((200..=4096).contains(&most), "{most} threads");
    // One after the other on ten times as many threads as there are cores, at best.
    assert!(took < Duration::from_secs(1_000) / 20, "{took:?}");
}

/// Bodies that compute have no use for more threads than cores.
pub(crate) fn computing() {
    for workers in [1, 2, 4] {
        let came = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&came);
        let pool = pool()
            .workers(workers)
            .keep_alive(Duration::MAX)
            .on_thread_start(move |_| {
                counted.fetch_add(1, Ordering::SeqCst);
            })
            .build();
        let futures: Vec<_> = (0..2_000 / (5 - workers))
            .map(|_| task().on(&pool).spawn(|| compute(Duration::from_millis(1))))
            .collect();
        wait_all(&futures);
        let came = came.load(Ordering::SeqCst);
        println!("{came} threads for {workers} workers");
        assert!(came <= workers + 4, "{came} threads for {workers} workers");
    }
}

/// Some compute and some sleep: the threads are for those that sleep.
pub(crate) fn mixed() {
    const SLEEPING: usize = 200;
    let came = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&came);
    let pool = pool()
        .workers(2)
        .keep_alive(Duration::MAX)
        .on_thread_start(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
        })
        .build();
    let (inside, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut futures = Vec::new();
    for n in 0..6 * SLEEPING {
        futures.push(if n % 6 == 0 {
            task().on(&pool).spawn(|| thread::sleep(Duration::from_millis(50)))
        } else {
            let (inside, most) = (Arc::clone(&inside), Arc::clone(&most));
            task().on(&pool).spawn(move || {
                most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                compute(Duration::from_micros(100));
                inside.fetch_sub(1, Ordering::SeqCst);
            })
        });
    }
    wait_all(&futures);
    let (came, most) = (came.load(Ordering::SeqCst), most.load(Ordering::SeqCst));
    println!("{came} threads, {most} computed together");
    assert!(came <= SLEEPING + 2 + 4, "{came} threads");
}

#[background]
fn deep(n: u32) -> u32 {
    if n == 0 { 0 } else { *deep(n - 1) + 1 }
}

#[background]
fn fib(n: u64) -> u64 {
    if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}

/// `WORKERS=DEPTH`: nested calls from a thread with a large stack, and from one with a small one.
pub(crate) fn depth(how: &str) {
    let (workers, depth) = how.split_once('=').expect("WORKERS=DEPTH");
    let (workers, depth) = (workers.parse().expect("a number"), depth.parse().expect("a depth"));
    pool().workers(workers).install().expect("nothing has run yet");
    let both = move || {
        assert_eq!(deep(depth), depth);
        assert_eq!(
            fib(if depth > 100_000 { 25 } else { 20 }),
            if depth > 100_000 { 75_025 } else { 6_765 }
        );
    };
    both();
    let small = thread::Builder::new().stack_size(64 * 1024).spawn(both);
    small.expect("a thread").join().expect("the right results");
}

/// What needs no thread of its own ends, though none can be had for a while or ever.
pub(crate) fn refused() {
    let (sender, receiver) = channel();
    for n in 0..100 {
        let sender = sender.clone();
        Background::detach(spawn(move || sender.send(n).expect("somebody counts")));
    }
    let mut all: Vec<_> =
        (0..100).map(|_| receiver.recv_timeout(PATIENCE).expect("it ran")).collect();
    all.sort_unstable();
    assert_eq!(all, (0..100).collect::<Vec<i32>>());
    // Each submits the next.
    let ended = Gate::new();
    follow(20_000, ended.clone());
    ended.pass();
    assert_eq!(fib(12), 144);
    assert_eq!(deep(1_000), 1_000);
    let futures: Vec<_> = (0..100).map(|n| spawn(move || n + *fib(3))).collect();
    for (n, future) in futures.iter().enumerate() {
        assert_eq!(*wait(future), n as u64 + 2);
    }
    background::drain(PATIENCE).expect("everything ends");
}

fn follow(left: u32, ended: Gate) {
    if left == 0 {
        ended.open();
    } else {
        Background::detach(spawn(move || follow(left - 1, ended)));
    }
}

/// One thread is refused while the only worker waits for what it has queued.
///
/// The tool that refuses counts for each thread by itself, so a dedicated task is this one's first.
pub(crate) fn refused_once() {
    pool().workers(2).install().expect("nothing has run yet");
    let outer = spawn(|| {
        assert_eq!(task().dedicated().spawn(|| 1), 1);
        let inner = task().timeout(Duration::from_secs(3600)).spawn(|| 5);
        Background::join(inner)
    });
    assert_eq!(*wait(&outer), Ok(5));
}
