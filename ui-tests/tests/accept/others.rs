use background::background;

#[background(name = "indexer", on_drop = detach)]
fn named(n: u32) -> u32 {
    n
}

#[background(name = format!("indexer of {text}"), on_drop = join)]
fn computed(text: String) -> usize {
    text.len()
}

#[background(on_drop = cancel,)]
fn cancelled() -> u32 {
    3
}

#[background()]
fn empty() -> u32 {
    4
}

#[background(catch = false, killable = true, to_owned = false)]
fn flags() -> u32 {
    5
}

fn main() {
    assert_eq!(*named(1), 1);
    assert_eq!(*computed("ab".to_owned()), 2);
    assert_eq!(*cancelled(), 3);
    assert_eq!(*empty(), 4);
    assert_eq!(*flags(), 5);
}
