use background::background;
use std::borrow::Cow;

#[background]
fn length(text: Cow<'_, str>) -> usize {
    text.len()
}

fn main() {
    assert_eq!(*length("text".into()), 4);
}
