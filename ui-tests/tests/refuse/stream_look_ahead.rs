use background::background;

#[background(stream = 0)]
fn none() -> std::ops::Range<u32> {
    0..3
}

#[background(stream = "all")]
fn text() -> std::ops::Range<u32> {
    0..3
}

#[background(stream(64))]
fn parentheses() -> std::ops::Range<u32> {
    0..3
}

#[background(stream = ahead)]
fn typed(ahead: u8) -> std::ops::Range<u32> {
    0..u32::from(ahead)
}

fn main() {
    let _ = none().chain(text()).chain(parentheses()).chain(typed(1));
}
