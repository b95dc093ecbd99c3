//! Fibonacci numbers by fork and join: nothing but forks.

use std::hint::black_box;

use background::{Background, background, spawn};

use crate::harness::{Goal, Run};
#[cfg(background_forte)]
use crate::peers::forte;
use crate::peers::{CHILI, TOKIO};

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

#[cfg(background_forte)]
fn by_forte(worker: &forte::Worker, n: u32) -> u32 {
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

pub(crate) fn bench(run: &Run) {
    let n = run.size(22, 8);
    // A call with n > 1 forks once; there are fib(n + 1) - 1 of them.
    let forks = sequential(n + 1) - 1;
    let workload = run
        .workload("fib by fork and join, per fork", forks, sequential(n))
        .contender("background", move || one_branch(black_box(n)))
        .contender("background, by the attribute", move || {
            Background::join(by_attribute(black_box(n)))
        })
        .contender("rayon join", move || by_rayon(black_box(n)))
        .contender("chili join", move || by_chili(&mut CHILI.scope(), black_box(n)))
        .contender("tokio spawn", move || TOKIO.block_on(by_tokio(black_box(n))))
        .contender("sequential", move || sequential(black_box(n)));
    #[cfg(background_forte)]
    let workload = workload
        .contender("forte join", move || forte().with_worker(|it| by_forte(it, black_box(n))));
    workload
        .goal(Goal::times(1.0, "rayon join"))
        .goal(Goal::times(1.5, "forte join"))
        .goal(Goal { of: "background, by the attribute", ..Goal::times(2.0, "rayon join") })
        .finish();
}
