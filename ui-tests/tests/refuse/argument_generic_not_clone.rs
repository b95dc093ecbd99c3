use background::background;
use std::fmt::Display;

#[background(to_owned)]
fn show<T: Display + Send + 'static>(value: &T) -> String {
    value.to_string()
}

fn main() {
    assert_eq!(*show(&1), "1");
}
