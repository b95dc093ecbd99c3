//! Forks and joins, and nothing else.

use std::hint::black_box;
use std::sync::LazyLock;

use background::{Background, background, spawn};
use background_harness::{Goal, Run};
#[cfg(feature = "forte")]
use background_peers::forte;
use background_peers::runtime;

static CHILI: LazyLock<chili::ThreadPool> = LazyLock::new(chili::ThreadPool::new);

pub(crate) fn bench(run: &Run) {
    fib(run);
    pair(run);
}

fn sequential(n: u32) -> u32 {
    if n < 2 { n } else { sequential(n - 1) + sequential(n - 2) }
}

fn one_branch(n: u32) -> u32 {
    if n < 2 {
        return n;
    }
    let left = spawn(move || one_branch(n - 1));
    let right = one_branch(n - 2);
    Background::join(left) + right
}

#[background]
fn by_attribute(n: u32) -> u32 {
    if n < 2 { n } else { by_attribute(n - 1) + by_attribute(n - 2) }
}

fn by_rayon(n: u32) -> u32 {
    if n < 2 {
        return n;
    }
    let (left, right) = rayon::join(|| by_rayon(n - 1), || by_rayon(n - 2));
    left + right
}

fn by_chili(scope: &mut chili::Scope<'_>, n: u32) -> u32 {
    if n < 2 {
        return n;
    }
    let (left, right) = scope.join(|scope| by_chili(scope, n - 1), |scope| by_chili(scope, n - 2));
    left + right
}

#[cfg(feature = "forte")]
fn by_forte(worker: &::forte::Worker, n: u32) -> u32 {
    if n < 2 {
        return n;
    }
    let (left, right) =
        worker.join(|worker| by_forte(worker, n - 1), |worker| by_forte(worker, n - 2));
    left + right
}

fn by_tokio(n: u32) -> std::pin::Pin<Box<dyn Future<Output = u32> + Send>> {
    Box::pin(async move {
        if n < 2 {
            return n;
        }
        let left = tokio::spawn(by_tokio(n - 1));
        let right = by_tokio(n - 2).await;
        left.await.expect("a value") + right
    })
}

fn fib(run: &Run) {
    let n = run.size(30, 8);
    // A call with n > 1 forks once; there are fib(n + 1) - 1 of them.
    let forks = sequential(n + 1) - 1;
    let workload = run
        .workload("fib(30) by fork and join, per fork", forks, sequential(n))
        .contender("background", move || one_branch(black_box(n)))
        .contender("background, by the attribute", move || {
            Background::join(by_attribute(black_box(n)))
        })
        .contender("rayon join", move || by_rayon(black_box(n)))
        .contender("chili join", move || by_chili(&mut CHILI.scope(), black_box(n)))
        .contender("tokio spawn", move || runtime().block_on(by_tokio(black_box(n))))
        .contender("sequential", move || sequential(black_box(n)));
    #[cfg(feature = "forte")]
    let workload = workload
        .contender("forte join", move || forte().with_worker(|it| by_forte(it, black_box(n))));
    workload
        .goal(Goal::times(1.0, "rayon join"))
        .goal(Goal::times(1.5, "forte join"))
        .goal(Goal::times(2.0, "rayon join").of("background, by the attribute"))
        .finish();
}

const PAIRS: u32 = 1_000;

/// The peers join on a thread of their pool, where joining is fastest; `background` on the main
/// thread, where it is as fast as anywhere.
fn pair(run: &Run) {
    let half = |n: u32| black_box(n) & 1;
    let workload = run
        .workload("a pair of trivial calls joined, per pair", PAIRS, PAIRS)
        .contender("background", move || {
            let pair = |n| {
                let left = spawn(move || half(n));
                half(n + 1) + Background::join(left)
            };
            (0..PAIRS).map(pair).sum()
        })
        .contender("rayon join", move || {
            rayon::scope(|_| {
                let pair = |n| {
                    let (left, right) = rayon::join(|| half(n), || half(n + 1));
                    left + right
                };
                (0..PAIRS).map(pair).sum()
            })
        })
        .contender("chili join", move || {
            let mut scope = CHILI.scope();
            let mut pair = |n| {
                let (left, right) = scope.join(|_| half(n), |_| half(n + 1));
                left + right
            };
            (0..PAIRS).map(&mut pair).sum()
        });
    #[cfg(feature = "forte")]
    let workload = workload.contender("forte join", move || {
        forte().with_worker(|worker| {
            let pair = |n| {
                let (left, right) = worker.join(|_| half(n), |_| half(n + 1));
                left + right
            };
            (0..PAIRS).map(pair).sum()
        })
    });
    workload.goal(Goal::times(1.0, "rayon join")).finish();
}
