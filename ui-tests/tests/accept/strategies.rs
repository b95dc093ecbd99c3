use background::background;
use std::thread;

#[background(thread)]
fn pooled() -> u32 {
    1
}

#[background(dedicated, stack_size = 262_144, name = "mine")]
fn dedicated() -> Option<String> {
    thread::current().name().map(str::to_owned)
}

#[background(inline)]
fn inline() -> thread::ThreadId {
    thread::current().id()
}

#[background(lazy = true)]
fn lazy() -> u32 {
    3
}

#[background(dedicated = true, thread = false, stack_size = 4 * 65_536)]
fn computed() -> u32 {
    4
}

fn main() {
    assert_eq!(*pooled(), 1);
    assert!(dedicated().is_some());
    assert_eq!(*inline(), thread::current().id());
    assert_eq!(*lazy(), 3);
    assert_eq!(*computed(), 4);
}
