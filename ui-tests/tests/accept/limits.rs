use background::background;

const AT_ONCE: usize = 2;

#[background(limit = 1)]
fn one(n: u32) -> u32 {
    n
}

#[background(limit = AT_ONCE + 1, when_full = inline)]
fn several(n: u32) -> u32 {
    n
}

#[background(limit = 4, when_full = reject, catch)]
fn rejecting(n: u32) -> u32 {
    n
}

#[background(limit = 2, when_full = block)]
fn generic<T: Send + 'static>(value: T) -> T {
    value
}

fn main() {
    assert_eq!(*one(1), 1);
    assert_eq!(*several(2), 2);
    assert_eq!(*rejecting(3), Ok(3));
    assert_eq!(*generic("x"), "x");
}
