//! A library whose names are other crates' names.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]
#![allow(clippy::upper_case_acronyms, clippy::module_inception)]

/// Not the standard library.
pub mod std {
    /// Nothing.
    pub mod time {}
}

/// Not the core library.
pub mod core {}

/// Not what it is elsewhere.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub struct Ok;

/// Not what it is elsewhere.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub struct Some;

/// Not what they are elsewhere.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum Option {
    /// Nothing.
    Err,
}

/// Not what it is elsewhere.
pub type String = u8;

/// Not what it is elsewhere.
pub type Result = u8;

/// Not what it is elsewhere.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub struct Duration;

/// Not what it is elsewhere.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub struct Background;

/// Not what it is elsewhere.
pub trait Send {}

/// Not what it is elsewhere.
pub trait Into {
    /// Nothing.
    fn into(&self) -> u8 {
        0
    }
}

impl<T> Into for T {}

/// Not what it is elsewhere.
pub trait FnOnce {}

/// Takes and gives what is called as if it were something else.
#[background::background]
pub fn odd(ok: Ok, some: Some, option: Option, string: String, time: Duration) -> Result {
    match (ok, some, option, time) {
        (Ok, Some, Option::Err, Duration) => string + 1,
    }
}

/// With everything that needs names.
#[background::background(timeout = 1h, catch, dedicated, name = "name", on_drop = join)]
pub fn all(string: String) -> String {
    let mut result = 0;
    for _ in 0..string {
        result += 1;
    }
    result
}

/// Named as what the expansion might use.
#[background::background(to_owned)]
#[allow(non_snake_case)]
pub fn body(
    __arg0: &str,
    body: u8,
    site: u8,
    task: u8,
    spawn: u8,
    __SITE: u8,
    background: u8,
) -> usize {
    let sum = body + site + task + spawn + __SITE + background;
    __arg0.len() + usize::from(sum)
}

/// The same in another process.
#[background::background(process, catch, memory = 1 << 30, cpu = "1min", max_calls = 100)]
#[allow(non_snake_case)]
pub fn elsewhere<T, A>(
    __call: String,
    __limits: T,
    (start, send): (u8, u8),
    __arg2: A,
    travel: u8,
    __copy: u8,
) -> String
where
    T: serde::Serialize + serde::de::DeserializeOwned + 'static,
    A: serde::Serialize + serde::de::DeserializeOwned + 'static,
{
    drop((__limits, __arg2));
    __call + start + send + travel + __copy
}

/// Types named as the expansion's might be.
#[background::background(inline)]
pub fn types<T, S: Clone + ::std::marker::Sync + 'static, const F: usize>(t: T, s: &'static S) -> usize
where
    T: ::std::marker::Send + 'static,
{
    drop((t, s.clone()));
    F
}

/// Sees that all of it does what it says.
///
/// # Panics
///
/// When it does not.
pub fn check() {
    assert_eq!(odd(Ok, Some, Option::Err, 1, Duration), 2);
    assert_eq!(*all(3), ::std::result::Result::Ok(3));
    assert_eq!(body("ab", 1, 2, 3, 4, 5, 6), 23);
    assert_eq!(*elsewhere(1, 'a', (2, 3), "b".to_owned(), 4, 5), ::std::result::Result::Ok(15));
    assert_eq!(types::<_, _, 7>(Background, &1), 7);
}
