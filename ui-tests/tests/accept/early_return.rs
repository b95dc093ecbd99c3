use background::{Background, background};
use std::num::ParseIntError;

#[background]
fn half(n: u32) -> Option<u32> {
    if n % 2 == 1 {
        return None;
    }
    Some(n / 2)
}

#[background]
fn double(text: String) -> Result<u32, ParseIntError> {
    let n: u32 = text.parse()?;
    Ok(n * 2)
}

#[background]
fn boxed(text: &'static str) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    text.parse::<u8>()?;
    if text == "1" {
        return Err("one".into());
    }
    Ok(())
}

#[background]
fn nothing(early: bool) {
    if early {
        return;
    }
    assert!(!early);
}

fn main() {
    assert_eq!(*half(3), None);
    assert_eq!(*half(4), Some(2));
    assert_eq!(*double("4".to_owned()), Ok(8));
    assert!(Background::join(double("x".to_owned())).is_err());
    assert!(Background::join(boxed("1")).is_err());
    assert!(Background::join(boxed("2")).is_ok());
    assert_eq!(*nothing(true), ());
}
