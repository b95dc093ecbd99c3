//! A parameter that only the attribute's own expressions use is used.
#![deny(warnings)]

use std::path::PathBuf;
use std::time::Duration;

use background::strategies::Thread;
use background::{Background, background};

#[background(on = place, timeout = patience, name = name.clone())]
fn length(path: PathBuf, place: Thread, patience: Duration, name: String) -> usize {
    path.as_os_str().len()
}

fn main() {
    let length = length("four".into(), Thread, Duration::MAX, "length".into());
    assert_eq!(Background::status(&length).name(), "length");
    assert_eq!(Background::join(length), Ok(4));
}
