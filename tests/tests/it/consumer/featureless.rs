//! A crate that takes `background` without its features, and asks for one of them.

use super::world::World;

pub(super) const PROGRAM: &str = "//! Refused.
use background::background;

/// Adds up.
#[background(process, memory = \"1 GiB\")]
fn add(one: u32, other: u32) -> u32 {
    one + other
}

fn main() {
    assert_eq!(add(1, 2), 3);
}
";

#[test]
fn the_feature_is_named() {
    let finished = World::get().check("featureless", "process").finish();
    assert_eq!(finished.code(), Some(101), "{finished:?}");
    let errors: Vec<&str> =
        finished.stderr.lines().filter(|line| line.contains(": error: ")).collect();
    let [only] = errors[..] else { panic!("one error is expected: {finished:?}") };
    assert!(only.contains("process.rs:5:14"), "{only}");
    assert!(only.contains("features = [\"process\"]"), "{only}");
}
