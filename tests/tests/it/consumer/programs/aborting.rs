//! A program in which a panic ends everything.

use background::{Background, Timeout, background};

#[background(timeout = 1h)]
fn on_thread() -> u8 {
    panic!("on purpose")
}

#[background(dedicated)]
fn dedicated() -> u8 {
    panic!("on purpose")
}

#[background(inline, catch)]
fn inline() -> u8 {
    panic!("on purpose")
}

#[background(lazy)]
fn lazy() -> u8 {
    panic!("on purpose")
}

#[background]
fn double(number: u8) -> u8 {
    number * 2
}

#[background(timeout = 0s)]
fn late() -> u8 {
    1
}

fn main() {
    let which = std::env::args().nth(1).unwrap_or_default();
    if which == "none" {
        assert_eq!(double(2) + double(3), 10);
        assert!(late() == Timeout);
        println!("checked");
        return;
    }
    println!("before");
    match which.as_str() {
        "thread" => drop(Background::join(on_thread())),
        "dedicated" => drop(Background::join(dedicated())),
        "inline" => drop(Background::join(inline())),
        _ => drop(Background::join(lazy())),
    }
    println!("after");
}
