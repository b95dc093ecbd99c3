use background::background;
use std::fmt::Display;

#[background]
fn show(value: impl Display + Send + 'static, more: Option<u8>) -> String {
    format!("{value}{more:?}")
}

#[background]
fn apply(f: impl FnOnce(&str) -> usize + Send + 'static) -> usize {
    f("four")
}

fn main() {
    assert_eq!(*show(5, None), "5None");
    assert_eq!(*apply(str::len), 4);
}
