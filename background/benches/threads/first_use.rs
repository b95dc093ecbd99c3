//! The first task of a process: threads are made, tables are filled.

use std::process::Command;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::{Duration, Instant};

use background::{Background, spawn};
use futures_lite::future::block_on;

use crate::harness::Run;
use crate::peers::TOKIO;
use crate::within;

/// Says to this program's copy which peer it is to try.
const FLAG: &str = "--first-use";

/// Runs one task, if this process was started for that, and prints value and nanoseconds.
pub(crate) fn is_child() -> bool {
    let mut args = std::env::args().skip_while(|arg| arg != FLAG).skip(1);
    let Some(peer) = args.next() else {
        return false;
    };
    let start = Instant::now();
    let value = match peer.as_str() {
        "background" => Background::join(spawn(|| 7)),
        "rayon spawn + channel" => {
            let (sender, receiver) = sync_channel(1);
            rayon::spawn(move || sender.send(7).expect("the receiver waits"));
            receiver.recv().expect("the task sends")
        }
        "tokio spawn" => TOKIO.block_on(async { TOKIO.spawn(async { 7 }).await.expect("a value") }),
        "blocking" => block_on(blocking::unblock(|| 7)),
        "std thread" => thread::spawn(|| 7).join().expect("a value"),
        _ => panic!("{FLAG} {peer}: no such peer"),
    };
    println!("{value} {}", start.elapsed().as_nanos());
    true
}

/// Starts a process in which the peer is used for the first time.
fn child(peer: &'static str) -> impl FnMut() -> (u32, Duration) {
    move || {
        let this = std::env::current_exe().expect("a program");
        let output = Command::new(this).args([FLAG, peer]).output().expect("a process");
        let text = String::from_utf8_lossy(&output.stdout);
        let (value, nanos) = text.trim().split_once(' ').expect("two numbers");
        let nanos = nanos.parse().expect("nanoseconds");
        (value.parse().expect("a value"), Duration::from_nanos(nanos))
    }
}

pub(crate) fn bench(run: &Run) {
    let peers = ["background", "rayon spawn + channel", "tokio spawn", "blocking", "std thread"];
    let workload = run.workload("the first task of a process, in total", 1, 7);
    peers
        .into_iter()
        .fold(workload, |workload, peer| workload.clocked(peer, child(peer)))
        .goal(within(60e3))
        .finish();
}
