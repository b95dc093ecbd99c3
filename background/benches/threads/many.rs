//! Ten thousand tasks, started and then read.

use std::sync::mpsc::channel;

use background::{Background, spawn};
use futures_lite::future::block_on;

use crate::harness::{Goal, Run};
use crate::peers::TOKIO;
#[cfg(background_forte)]
use crate::peers::forte;

pub(crate) fn bench(run: &Run) {
    let tasks = run.size(10_000, 100);
    let workload = run
        .workload("spawn 10,000 tasks, then read all, per task", tasks, (0..tasks).sum())
        .contender("background", move || {
            let futures: Vec<_> = (0..tasks).map(|n| spawn(move || n)).collect();
            futures.into_iter().map(Background::join).sum()
        })
        .contender("rayon scope", move || {
            let mut values = vec![0; tasks as usize];
            rayon::scope(|scope| {
                for (n, value) in (0..tasks).zip(&mut values) {
                    scope.spawn(move |_| *value = n);
                }
            });
            values.into_iter().sum()
        })
        .contender("rayon spawn + channel", move || {
            let receivers: Vec<_> = (0..tasks)
                .map(|n| {
                    let (sender, receiver) = channel();
                    rayon::spawn(move || sender.send(n).expect("the receiver waits"));
                    receiver
                })
                .collect();
            let values = receivers.into_iter().map(|it| it.recv().expect("the task sends"));
            values.sum()
        })
        .contender("tokio spawn", move || {
            TOKIO.block_on(async {
                let handles: Vec<_> = (0..tasks).map(|n| TOKIO.spawn(async move { n })).collect();
                let mut sum = 0;
                for handle in handles {
                    sum += handle.await.expect("a value");
                }
                sum
            })
        })
        .contender("tokio spawn_blocking", move || {
            TOKIO.block_on(async {
                let handles: Vec<_> = (0..tasks).map(|n| TOKIO.spawn_blocking(move || n)).collect();
                let mut sum = 0;
                for handle in handles {
                    sum += handle.await.expect("a value");
                }
                sum
            })
        })
        .contender("blocking", move || {
            let started: Vec<_> = (0..tasks).map(|n| blocking::unblock(move || n)).collect();
            block_on(async {
                let mut sum = 0;
                for task in started {
                    sum += task.await;
                }
                sum
            })
        });
    #[cfg(background_forte)]
    let workload = workload.contender("forte", move || {
        forte().with_worker(|worker| {
            let started: Vec<_> = (0..tasks).map(|n| worker.spawn(async move { n })).collect();
            worker.block_on(async {
                let mut sum = 0;
                for task in started {
                    sum += task.await;
                }
                sum
            })
        })
    });
    workload.goal(Goal::times(0.3, "rayon scope")).finish();
}
