use background::background;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

trait Travels: Serialize + DeserializeOwned + 'static {}

impl<T: Serialize + DeserializeOwned + 'static> Travels for T {}

#[background(process)]
fn swap<A, B>(pair: (A, B)) -> (B, A)
where
    A: Travels + Send,
    B: Travels + Send,
{
    (pair.1, pair.0)
}

#[background(process)]
fn count<T: Travels>(items: Vec<T>) -> usize {
    items.len()
}

#[background(process)]
fn make<T: Travels + Send + Default>() -> T {
    T::default()
}

#[background(process)]
fn array<const N: usize>() -> usize {
    N
}

#[background(process)]
fn text(value: impl ToString + Travels) -> String {
    value.to_string()
}

#[background(process)]
fn opaque(n: u32) -> impl Travels + Send + std::fmt::Display {
    n + 1
}

#[background(process)]
fn perhaps(n: u32) -> Option<impl Travels + Send + PartialEq<u32> + std::fmt::Debug> {
    Some(n)
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Wrapper<T>(T);

impl<T: Travels + Send + Clone> Wrapper<T> {
    #[background(process)]
    fn wrap(inner: T) -> Self {
        Self(inner)
    }

    #[background(process)]
    fn and<U: Travels + Send>(self, other: U) -> (T, U) {
        (self.0, other)
    }
}

struct Borrowing<'a, T>(&'a T);

// What the function itself does not mention need not travel.
impl<'a, T> Borrowing<'a, T> {
    #[background(process)]
    fn size(more: usize) -> usize {
        size_of::<T>() + more
    }

    fn get(&self) -> &'a T {
        self.0
    }
}

#[background(process)]
fn outer(n: u32) -> u32 {
    #[background(process)]
    fn inner(n: u32) -> u32 {
        n + 1
    }
    inner(n) + 1
}

fn main() {
    let local = std::rc::Rc::new(1);
    assert_eq!(*Borrowing::<std::rc::Rc<u8>>::size(Borrowing(&1).get() - 1), size_of::<usize>());
    assert_eq!(**Borrowing(&local).get(), 1);
    assert_eq!(outer(1), 3);
    assert_eq!(*swap((1, "a".to_owned())), ("a".to_owned(), 1));
    assert_eq!(count(vec![1.5, 2.5]), 2);
    assert_eq!(make::<u8>(), 0);
    assert_eq!(array::<7>(), 7);
    assert_eq!(text(12), "12");
    assert_eq!(opaque(1).to_string(), "2");
    assert!(perhaps(1).as_ref().is_some_and(|n| *n == 1));
    assert_eq!(*Wrapper::wrap(3), Wrapper(3));
    assert_eq!(*Wrapper(3).and('c'), (3, 'c'));
}
