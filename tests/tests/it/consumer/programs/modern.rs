//! A library that a careful stranger would write.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, missing_debug_implementations, missing_copy_implementations)]
#![deny(rust_2018_idioms, future_incompatible, nonstandard_style, keyword_idents, unused)]
#![deny(unused_qualifications, unused_lifetimes, unused_results, let_underscore_drop)]
#![deny(unreachable_pub, trivial_casts, trivial_numeric_casts, single_use_lifetimes)]
#![deny(variant_size_differences, meta_variable_misuse, non_ascii_idents, explicit_outlives_requirements)]

use std::sync::Arc;
use std::time::Duration;

use background::{Background, Failure, Timeout, background};

/// Doubles.
#[background]
pub fn double(number: u32) -> u32 {
    number * 2
}

/// Adds up, in parallel with itself.
#[background]
pub fn fib(n: u64) -> u64 {
    if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}

/// Never ends by itself.
#[background(timeout = 20ms)]
pub fn endless(start: u64) -> u64 {
    let mut number = start;
    loop {
        number = number.wrapping_add(1);
    }
}

/// Ends in time.
#[background(deadline = Duration::from_secs(3601))]
pub fn quick() -> &'static str {
    "quick"
}

/// Divides.
#[background(catch, thread)]
pub fn divide(dividend: u32, divisor: u32) -> u32 {
    assert!(divisor != 0, "a division by zero");
    dividend / divisor
}

/// Says how long.
#[background(to_owned, dedicated, name = "measure")]
pub fn length(text: &str) -> usize {
    text.len()
}

/// Nothing comes of it.
#[background(inline)]
pub fn nothing() {}

/// Anything that can be turned into text.
#[background(lazy)]
pub fn text<T>(value: T) -> String
where
    T: ToString + Send + 'static,
{
    value.to_string()
}

/// Reads a number.
#[background]
pub fn parse(text: String) -> Result<u32, std::num::ParseIntError> {
    let number: u32 = text.trim().parse()?;
    Ok(number + 1)
}

/// Counts from an iterator.
#[background]
pub fn count(items: impl Iterator<Item = u8> + Send + 'static) -> usize {
    items.count()
}

/// Waits for others.
#[background]
pub async fn both(one: Background<u32>, other: Background<u32>) -> u32 {
    one.await + other.await
}

/// At most one at a time.
#[background(limit = 1, when_full = block)]
pub fn alone(number: u8) -> u8 {
    number
}

/// A counter that is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    balance: u32,
}

impl Account {
    /// An account.
    #[must_use]
    pub const fn new(balance: u32) -> Self {
        Self { balance }
    }

    /// What is on it, and something more.
    #[background]
    pub fn with(self: Arc<Self>, more: u32) -> u32 {
        self.balance + more
    }

    /// What is on a copy of it.
    #[background(to_owned)]
    pub fn balance(&self) -> u32 {
        self.balance
    }

    /// The account, closed.
    #[background(on_drop = cancel)]
    pub fn close(self) -> u32 {
        self.balance
    }
}

/// What can be asked in the background.
pub trait Ask {
    /// Answers.
    #[background]
    fn answer(self: Arc<Self>) -> u32;

    /// Answers twice.
    #[background]
    fn twice(self: Arc<Self>) -> u32
    where
        Self: Send + Sync + 'static,
    {
        *self.answer() * 2
    }
}

impl Ask for Account {
    #[background]
    fn answer(self: Arc<Self>) -> u32 {
        self.balance
    }
}

/// Sees that all of it does what it says.
///
/// # Panics
///
/// When it does not.
pub fn check() {
    let (one, two) = (double(1), double(2));
    assert_eq!(one + two, 6);
    assert_eq!(fib(15), 610);
    let endless = endless(0);
    assert!(endless == Timeout);
    assert!(Timeout == endless);
    assert_eq!(quick(), Ok("quick"));
    assert_eq!(*divide(6, 3), Ok(2));
    assert!(matches!(&*divide(1, 0), Err(Failure::Panicked { .. })));
    assert_eq!(length("four"), 4);
    Background::join(nothing());
    assert_eq!(text(5), "5");
    assert_eq!(parse("41".to_owned()).as_ref().ok(), Some(&42));
    assert!(parse("x".to_owned()).is_err());
    assert_eq!(count(vec![1, 2, 3].into_iter()), 3);
    assert_eq!(both(double(1), double(2)), 6);
    assert_eq!(alone(1), 1);
    let account = Arc::new(Account::new(5));
    assert_eq!(account.clone().with(2), 7);
    assert_eq!(account.balance(), 5);
    assert_eq!(account.clone().answer(), 5);
    assert_eq!(account.twice(), 10);
    assert_eq!(Account::new(3).close(), 3);
}
