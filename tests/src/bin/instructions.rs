//! Does one thing so many times, for a tool that counts instructions: `instructions WHAT TIMES`.
//!
//! Whatever is to be counted happens inside of [`only_this_is_counted`], on the thread that calls it. A thread of
//! the pool is kept busy meanwhile, so that with a single worker (`BACKGROUND_WORKERS=1`) nobody
//! takes the tasks away and every run goes the same way.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use background::{Background, spawn, task};
use background_tests::until;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().expect("what to do");
    let times = arguments.next().and_then(|times| times.parse().ok()).expect("how many times");
    let stop = Arc::new(AtomicBool::new(false));
    let busy = keep_a_worker_busy(&stop);
    // Tables are filled and queues are made before anything is counted.
    perform(&what, 100, |work| work());
    perform(&what, times, only_this_is_counted);
    stop.store(true, Ordering::SeqCst);
    Background::join(busy);
}

/// The tool counts between the beginning and the end of this function.
#[inline(never)]
fn only_this_is_counted(work: &mut dyn FnMut()) {
    work();
    // Whatever comes last is no tail call: the function ends after it.
    black_box(());
}

fn keep_a_worker_busy(stop: &Arc<AtomicBool>) -> Background<()> {
    let (started, stop) = (Arc::new(AtomicBool::new(false)), Arc::clone(stop));
    let busy = spawn({
        let started = Arc::clone(&started);
        move || {
            started.store(true, Ordering::SeqCst);
            while !stop.load(Ordering::SeqCst) {
                thread::yield_now();
            }
        }
    });
    until("a worker is busy", || started.load(Ordering::SeqCst));
    busy
}

/// Does it so many times; what is to be counted inside of `count`. That is a pointer, so that no
/// other function's name contains the one that the tool looks for.
fn perform(what: &str, times: u32, count: fn(&mut dyn FnMut())) {
    let body = |n: u32| move || black_box(n);
    let mut sum: u32 = 0;
    match what {
        "ready touch" => {
            let future = task().inline().spawn(|| 1);
            count(&mut || sum = (0..times).map(|_| **black_box(&future)).sum());
            assert_eq!(sum, times);
            return;
        }
        "inline" => count(&mut || {
            sum = (0..times).map(|n| Background::join(task().inline().spawn(body(n)))).sum();
        }),
        "lazy" => count(&mut || {
            sum = (0..times).map(|n| Background::join(task().lazy().spawn(body(n)))).sum();
        }),
        "spawn and read" => count(&mut || {
            sum = (0..times).map(|n| Background::join(spawn(body(n)))).sum();
        }),
        "spawn" => {
            let mut futures = Vec::with_capacity(times as usize);
            count(&mut || (0..times).for_each(|n| futures.push(spawn(body(n)))));
            sum = futures.into_iter().map(Background::join).sum::<u32>();
        }
        "claim, oldest first" => {
            let mut futures: Vec<_> = (0..times).map(|n| spawn(body(n))).collect();
            count(&mut || sum = futures.drain(..).map(Background::join).sum());
        }
        "claim, newest first" => {
            let mut futures: Vec<_> = (0..times).map(|n| spawn(body(n))).collect();
            count(&mut || sum = futures.drain(..).rev().map(Background::join).sum());
        }
        _ => panic!("`{what}` is nothing this program does"),
    }
    assert_eq!(sum, (0..times).sum::<u32>());
}
