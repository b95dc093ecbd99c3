#![no_implicit_prelude]

#[::background::background]
fn plain(n: u32, (_, b): (u32, u32)) -> u32 {
    n + b
}

#[::background::background(timeout = 1min, catch, on_drop = detach, name = "n", limit = 3)]
fn limited(n: u32) -> u32 {
    loop {
        break n;
    }
}

#[::background::background(to_owned)]
fn copied(text: &str) -> usize {
    text.len()
}

#[::background::background(stream = 2, killable)]
fn streamed(n: u32) -> impl ::std::iter::Iterator<Item = u32> {
    0..n
}

fn main() {
    ::std::assert_eq!(::std::iter::Iterator::last(streamed(3)), ::std::option::Option::Some(2));
    ::std::assert_eq!(*plain(1, (2, 3)), 4);
    ::std::assert!(::std::matches!(*limited(4), ::std::result::Result::Ok(4)));
    ::std::assert_eq!(*copied("abc"), 3);
}
