//! What nobody has read, and what is still under way.

use std::time::Duration;

use background::{Background, background, task};
use background_tests::{Gate, until};

#[background]
fn fails(gate: Gate) -> u32 {
    gate.pass();
    panic!("on purpose")
}

#[background(catch)]
fn fails_caught(gate: Gate) -> u32 {
    gate.pass();
    panic!("on purpose")
}

/// A failure, and who reads it or does not. Prints the line of the call.
pub(crate) fn unread(how: &str) {
    // Only what the library writes is to be seen.
    std::panic::set_hook(Box::new(|_| {}));
    let gate = Gate::new();
    let (future, line) = (fails(gate.clone()), line!());
    println!("{line}");
    match how {
        "dropped" => {
            gate.open();
            until("the body has failed", || Background::is_ready(&future));
            drop(future);
        }
        "dropped-before" => {
            drop(future);
            gate.open();
        }
        "detached" => {
            Background::detach(future);
            gate.open();
        }
        "looked-at" => {
            gate.open();
            assert!(Background::outcome(&future).is_err());
        }
        "touched" => {
            gate.open();
            std::thread::spawn(move || Background::join(future)).join().unwrap_err();
        }
        "called-back" => {
            Background::on_ready(&future, |outcome| assert!(outcome.is_err()));
            gate.open();
            until("the body has failed", || Background::is_ready(&future));
            drop(future);
        }
        "caught" => {
            drop(future);
            gate.open();
            assert!(fails_caught(gate).is_err());
        }
        "cancelled" => {
            Background::cancel(&future);
            drop(future);
            gate.open();
        }
        _ => panic!("how: {how}"),
    }
    background::drain(Duration::from_secs(60)).expect("everything ends");
}

/// Two tasks that run, one that cannot start, and one that nobody has touched.
pub(crate) fn drain() {
    let (gate, entered) = (Gate::new(), [Gate::new(), Gate::new()]);
    let slow = |name: &'static str, entered: Gate| {
        let gate = gate.clone();
        task().dedicated().name(name).spawn(move || {
            entered.open();
            gate.pass();
        })
    };
    let futures = [slow("tortoise", entered[0].clone()), slow("snail", entered[1].clone())];
    let lazy = task().lazy().spawn(|| ());
    entered.iter().for_each(Gate::pass);
    let stragglers = background::drain(Duration::from_millis(20)).expect_err("two still run");
    let mut names: Vec<&str> =
        stragglers.running().iter().map(background::Straggler::name).collect();
    names.sort_unstable();
    assert_eq!(names, ["snail", "tortoise"]);
    let message = stragglers.to_string();
    for part in ["snail", "tortoise", file!()] {
        assert!(message.contains(part), "`{part}` in {message}");
    }
    assert!(background::drain(Duration::ZERO).is_err());
    gate.open();
    background::drain(Duration::MAX).expect("all have ended");
    assert!(futures.iter().all(Background::is_ready));
    assert!(!Background::is_ready(&lazy), "nobody has touched it");
    background::drain(Duration::ZERO).expect("nothing is left");
}

/// A promise is under way until it is kept or dropped, as are the futures that wait for it.
pub(crate) fn drain_promises() {
    let (promise, future) = background::promise::<u8>();
    let all = background::join_all([future]);
    let stragglers = background::drain(Duration::from_millis(20)).expect_err("it is not kept");
    assert_eq!((stragglers.running().len(), stragglers.waiting()), (0, 2));
    promise.set(7).expect("somebody wants it");
    background::drain(Duration::MAX).expect("all have ended");
    assert_eq!(*all, [7]);
    let (promise, _future) = background::promise::<u8>();
    drop(promise);
    background::drain(Duration::MAX).expect("a dropped promise is over");
}
