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

/// Doubles in another process.
#[background(process)]
pub fn distant(number: u32) -> u32 {
    number * 2
}

/// Nothing comes of it there.
#[background(process, limit = 1, on_drop = join)]
pub fn distant_nothing() {}

/// Measures in another process, of which not too much is asked.
#[background(process, to_owned, catch, memory = "1 GiB", cpu = 1min, max_calls = 100)]
pub fn distant_length(text: &str, items: &[u8]) -> usize {
    text.len() + items.len()
}

/// Counts there.
#[background(process, deadline = 1h, name = "loop")]
pub async fn distant_loop(mut number: u64) -> u64 {
    while number < 10 {
        number += std::future::ready(1).await;
    }
    number
}

/// Anything that can be turned into text there.
#[background(process)]
pub fn distant_text<T>(value: T, other: impl Travels + ToString) -> String
where
    T: Travels + ToString,
{
    value.to_string() + &other.to_string()
}

/// What can be sent to another process.
pub trait Travels: serde::Serialize + serde::de::DeserializeOwned + 'static {
    /// Turns into text there.
    #[background(process)]
    fn distant_json(self) -> String
    where
        Self: std::fmt::Debug,
    {
        format!("{self:?}")
    }
}

impl Travels for u8 {}

/// At most one at a time.
#[background(limit = 1, when_full = block)]
pub fn alone(number: u8) -> u8 {
    number
}

/// A counter that is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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

    /// What is on it, seen from another process.
    #[background(process, to_owned)]
    pub fn distant_balance(&self, other: &Self) -> u32 {
        self.balance + other.balance
    }

    /// Two accounts, made one in another process.
    #[background(process)]
    pub fn merged(mut self, other: Self) -> Self {
        self.balance += other.balance;
        self
    }

    /// What is on it, seen from another process.
    #[background(process)]
    pub fn boxed(self: Box<Self>) -> u32 {
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
    assert_eq!(distant(2), 4);
    Background::join(distant_nothing());
    assert_eq!(*distant_length("four", &[5]), Ok(5));
    assert_eq!(distant_loop(1), Ok(10));
    assert_eq!(distant_text(1_u8, 2_u8), "12");
    assert_eq!(7_u8.distant_json(), "7");
    assert_eq!(Account::new(1).distant_balance(&Account::new(2)), 3);
    assert_eq!(*Account::new(1).merged(Account::new(2)), Account::new(3));
    assert_eq!(Box::new(Account::new(4)).boxed(), 4);
    let account = Arc::new(Account::new(5));
    assert_eq!(account.clone().with(2), 7);
    assert_eq!(account.balance(), 5);
    assert_eq!(account.clone().answer(), 5);
    assert_eq!(account.twice(), 10);
    assert_eq!(Account::new(3).close(), 3);
}
