//! Calls into C code that aborts, reads where nothing is, never ends, and eats memory. Each is one failed
//! call and no more: the program goes on, with the same code.
//!
//! ```text
//! cargo run --example crash
//! ```
#![allow(unsafe_code)]

use std::ffi::{CString, c_char, c_int};
use std::time::Duration;

use background::{Background, Failure, task};

unsafe extern "C" {
    fn broken_length(text: *const c_char) -> c_int;
    fn broken_abort() -> c_int;
    fn broken_segfault() -> c_int;
    fn broken_loop() -> c_int;
    fn broken_leak() -> c_int;
}

/// A function of the library that works.
fn length(text: String) -> i32 {
    let text = CString::new(text).expect("a text without zero bytes");
    // SAFETY: it reads a text up to the zero byte at its end.
    unsafe { broken_length(text.as_ptr()) }
}

/// One of those that do not.
fn broken(what: u8) -> i32 {
    // SAFETY: there is none. That is why all of this runs in a process that has nothing to lose.
    unsafe {
        match what {
            0 => broken_abort(),
            1 => broken_segfault(),
            2 => broken_loop(),
            _ => broken_leak(),
        }
    }
}

/// What a failure is, in a word.
fn kind(failure: &Failure) -> String {
    match failure {
        Failure::Crashed { signal: Some(signal), .. } => format!("crashed by signal {signal}"),
        Failure::Timeout => "timed out".to_owned(),
        Failure::OutOfMemory { .. } => "out of memory".to_owned(),
        other => format!("something else: {other:?}"),
    }
}

fn main() {
    let limited = || {
        let place = task().process().memory(64 << 20);
        place.timeout(Duration::from_secs(2)).catch()
    };
    let works = |text: &str| Background::join(limited().spawn_with(length, text.to_owned()));
    assert_eq!(works("before"), Ok(6));

    let names = ["abort", "segfault", "loop", "leak"];
    // All at once: they are strangers to each other.
    let calls =
        [0, 1, 2, 3].map(|what| limited().name(names[usize::from(what)]).spawn_with(broken, what));
    for (name, call) in names.into_iter().zip(calls) {
        let failure = Background::join(call).expect_err("it cannot end well");
        println!("{name}: {}", kind(&failure));
        println!("    {failure}");
    }

    assert_eq!(works("and afterwards"), Ok(14));
    println!("the program goes on");
}
