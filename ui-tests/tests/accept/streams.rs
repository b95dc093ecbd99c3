use background::{BackgroundIter, Failure, Timeout, background};
use std::collections::VecDeque;
use std::fmt::Display;
use std::num::ParseIntError;
use std::rc::Rc;
use std::sync::Arc;
use std::vec::IntoIter;

#[background(stream)]
fn opaque(n: u32) -> impl Iterator<Item = u32> {
    (0..n).map(|x| x * x)
}

#[background(stream = 2)]
fn bounded<T, const N: usize>(all: [T; N]) -> impl DoubleEndedIterator<Item = T> + Send + use<T, N>
where
    T: Send + 'static,
{
    all.into_iter()
}

#[background(stream = ahead * 2)]
fn computed(ahead: usize, _: String) -> std::ops::Range<usize> {
    0..ahead
}

#[background(stream = true, dedicated)]
fn named(words: Vec<String>) -> IntoIter<String> {
    words.into_iter()
}

#[background(stream, lazy)]
fn boxed(even: bool) -> Box<dyn Iterator<Item = u32> + Send> {
    if even {
        return Box::new((0..6).filter(|n| n % 2 == 0));
    }
    Box::new([1, 3, 5].into_iter())
}

#[background(stream, inline)]
fn fallible(text: &'static str) -> impl Iterator<Item = Result<u8, ParseIntError>> {
    text.split(' ').map(str::parse)
}

#[background(stream)]
fn shown() -> impl Iterator<Item = impl Display + Send> {
    [1, 2].into_iter()
}

#[background(stream)]
unsafe fn endless<I: Iterator + Clone + Send + 'static>(items: I) -> std::iter::Cycle<I>
where
    I::Item: Send,
{
    items.cycle()
}

#[background(stream, timeout = 1h)]
fn timed(mut list: VecDeque<u8>) -> impl Iterator<Item = u8> {
    list.push_back(3);
    std::iter::from_fn(move || {
        loop {
            break list.pop_front();
        }
    })
}

#[background(stream, catch, on_drop = cancel)]
fn caught() -> impl Iterator<Item = u8> {
    (0..).inspect(|n| assert!(*n < 2, "two is too many"))
}

#[background(stream)]
fn built_from_what_is_not_send() -> IntoIter<u32> {
    let one = Rc::new(1);
    let all: Vec<u32> = (0..3).map(|n| n + *one).collect();
    all.into_iter()
}

struct Counter {
    from: u32,
}

impl Counter {
    #[background(stream)]
    fn up(self) -> impl Iterator<Item = u32> {
        self.from..
    }

    #[background(stream)]
    fn shared(self: Arc<Self>, n: u32) -> impl Iterator<Item = (u32, Arc<Self>)> {
        (0..n).map(move |n| (n + self.from, Arc::clone(&self)))
    }

    #[background(stream)]
    fn itself(self) -> Self {
        self
    }
}

impl Iterator for Counter {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.from += 1;
        Some(self.from)
    }
}

trait Rows: Send + 'static {
    type Row: Send + 'static;

    #[background(stream)]
    fn rows(self) -> impl Iterator<Item = Self::Row>;

    #[background(stream)]
    fn none(self: Box<Self>) -> std::iter::Empty<Self::Row> {
        std::iter::empty()
    }
}

impl Rows for Vec<String> {
    type Row = String;

    #[background(stream)]
    fn rows(self) -> impl Iterator<Item = String> {
        self.into_iter().rev()
    }
}

fn main() {
    let numbers: BackgroundIter<u32> = opaque(4);
    assert_eq!(numbers.collect::<Vec<_>>(), [0, 1, 4, 9]);
    assert_eq!(bounded(["a", "b"]).last(), Some("b"));
    assert_eq!(computed(3, String::new()).sum::<usize>(), 3);
    assert_eq!(named(vec!["x".into()]).next().as_deref(), Some("x"));
    assert_eq!(boxed(true).sum::<u32>() + boxed(false).sum::<u32>(), 15);
    let parsed: Result<Vec<u8>, _> = fallible("1 2 x").collect();
    assert!(parsed.is_err());
    assert_eq!(shown().map(|item| item.to_string()).collect::<String>(), "12");
    assert_eq!(unsafe { endless([1, 2].into_iter()) }.nth(4), Some(1));
    let timed: BackgroundIter<u8, Timeout> = timed([1, 2].into());
    assert_eq!(timed.collect::<Result<Vec<_>, _>>(), Ok(vec![1, 2, 3]));
    let mut caught: BackgroundIter<u8, Failure> = caught();
    assert_eq!((caught.next(), caught.next()), (Some(Ok(0)), Some(Ok(1))));
    assert!(caught.next().expect("the failure is an item").expect_err("it is one").is_panic());
    assert_eq!(caught.next(), None);
    assert_eq!(built_from_what_is_not_send().sum::<u32>(), 6);

    assert_eq!(Counter { from: 3 }.up().nth(1), Some(4));
    assert_eq!(Arc::new(Counter { from: 1 }).shared(2).map(|(n, _)| n).sum::<u32>(), 3);
    assert_eq!(Counter { from: 1 }.itself().next(), Some(2));
    assert_eq!(vec!["a".to_owned(), "b".to_owned()].rows().next().as_deref(), Some("b"));
    assert!(Box::new(Vec::<String>::new()).none().next().is_none());
}
