use background::{Background, background};
use std::fmt::Display;
use std::num::ParseIntError;

#[background]
fn show(n: u8) -> impl Display + Send {
    n
}

#[background]
fn maybe(n: u8) -> Option<impl Display + Send> {
    Some(n)
}

#[background]
fn parse(text: &'static str) -> Result<impl Display + Send, ParseIntError> {
    let n: u8 = text.parse()?;
    Ok(n)
}

#[background]
fn squares<T: Send + 'static + Into<u32>>(all: Vec<T>) -> impl Iterator<Item = u32> + Send {
    all.into_iter().map(|x| x.into() * 2)
}

fn main() {
    assert_eq!(show(1).to_string(), "1");
    assert_eq!(Background::join(maybe(2)).expect("it is some").to_string(), "2");
    assert_eq!(Background::join(parse("3")).expect("it is a number").to_string(), "3");
    assert!(Background::join(parse("x")).is_err());
    let all: Vec<u32> = Background::join(squares(vec![1_u8, 2])).collect();
    assert_eq!(all, [2, 4]);
}
