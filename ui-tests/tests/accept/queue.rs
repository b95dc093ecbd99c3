use background::{Background, TaskQueue, background};
use std::sync::LazyLock;

static QUEUE: LazyLock<TaskQueue> = LazyLock::new(|| TaskQueue::threads(1));
const LOW: i32 = 19;

#[background(on = *QUEUE, priority = -5, series = "uploads")]
fn literal(n: u32) -> u32 {
    n
}

#[background(on = *QUEUE, priority = LOW + 1, series = &owner)]
fn computed(owner: String) -> usize {
    owner.len()
}

#[background(on = *QUEUE, priority = niceness, timeout = 1h, series = format!("{niceness}"))]
fn by_argument(niceness: i8) -> i8 {
    niceness
}

#[background(on = *QUEUE, priority = 20, stream = 2)]
fn streamed(n: u32) -> impl Iterator<Item = u32> {
    0..n
}

/// Elsewhere they have no meaning, and do no harm.
#[background(dedicated, priority = 0, series = String::from("x"), name = "n")]
fn elsewhere() -> u32 {
    7
}

fn main() {
    assert_eq!(literal(1), 1);
    assert_eq!(computed("ab".into()), 2);
    assert_eq!(Background::join(by_argument(-20)), Ok(-20));
    assert_eq!(streamed(3).sum::<u32>(), 3);
    assert_eq!(elsewhere(), 7);
    let refused = std::panic::catch_unwind(|| Background::join(by_argument(21)));
    let message = *refused.expect_err("the call panics").downcast::<String>().expect("a text");
    assert!(message.contains("Niceness must be an integer between -20 and +20"), "{message}");
}
