//! A thousand tasks that sleep.

use std::thread;
use std::time::Duration;

use background::{Background, spawn};
use futures_lite::future::block_on;

use crate::harness::Run;
use crate::peers::TOKIO;
use crate::within;

/// rayon is not here: its two threads would sleep for a minute.
pub(crate) fn bench(run: &Run) {
    let tasks = run.size(1_000_u32, 20);
    let nap = Duration::from_millis(run.size(100, 1));
    run.workload("1,000 tasks that sleep for 100 ms, in total", 1, tasks)
        .contender("background", move || {
            let nappers: Vec<_> = (0..tasks)
                .map(|_| {
                    spawn(move || {
                        thread::sleep(nap);
                        1
                    })
                })
                .collect();
            nappers.into_iter().map(Background::join).sum()
        })
        .contender("tokio spawn_blocking", move || {
            TOKIO.block_on(async {
                let nappers: Vec<_> = (0..tasks)
                    .map(|_| {
                        TOKIO.spawn_blocking(move || {
                            thread::sleep(nap);
                            1
                        })
                    })
                    .collect();
                let mut sum = 0;
                for napper in nappers {
                    sum += napper.await.expect("a value");
                }
                sum
            })
        })
        .contender("tokio spawn, async sleep", move || {
            TOKIO.block_on(async {
                let nappers: Vec<_> = (0..tasks)
                    .map(|_| {
                        TOKIO.spawn(async move {
                            tokio::time::sleep(nap).await;
                            1
                        })
                    })
                    .collect();
                let mut sum = 0;
                for napper in nappers {
                    sum += napper.await.expect("a value");
                }
                sum
            })
        })
        .contender("blocking", move || {
            let nappers: Vec<_> = (0..tasks)
                .map(|_| {
                    blocking::unblock(move || {
                        thread::sleep(nap);
                        1
                    })
                })
                .collect();
            block_on(async {
                let mut sum = 0;
                for napper in nappers {
                    sum += napper.await;
                }
                sum
            })
        })
        .contender("std threads", move || {
            let nappers: Vec<_> = (0..tasks)
                .map(|_| {
                    thread::spawn(move || {
                        thread::sleep(nap);
                        1
                    })
                })
                .collect();
            let ones = nappers.into_iter().map(|it| it.join().expect("a value"));
            ones.sum()
        })
        .goal(within(135e6))
        .finish();
}
