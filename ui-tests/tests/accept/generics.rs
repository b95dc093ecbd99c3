use background::background;
use std::fmt::Display;

#[background]
fn show<T: Display + Send + 'static>(value: T) -> String {
    value.to_string()
}

#[background]
fn pass<T: Send + 'static>(value: T) -> T {
    value
}

#[background]
fn count<T, const N: usize>(values: [T; N]) -> usize
where
    T: Send + 'static,
{
    values.len()
}

struct Cell<T>(T);

impl<T: Send + 'static> Cell<T> {
    #[background]
    fn take<U: From<T> + Send + 'static>(self) -> U {
        U::from(self.0)
    }

    #[background]
    fn wrap(inner: T) -> Vec<T> {
        vec![inner]
    }
}

fn main() {
    assert_eq!(*show(5), "5");
    assert_eq!(*pass::<u8>(5), 5);
    assert_eq!(*count([1, 2, 3]), 3);
    assert_eq!(*Cell(5_u8).take::<u32>(), 5);
    assert_eq!(*Cell::wrap(1), [1]);
}
