use background::background;
use std::fmt::Display;

#[background(process)]
fn show<T: Display>(value: T) -> String {
    value.to_string()
}

fn main() {
    assert_eq!(*show(1), "1");
}
