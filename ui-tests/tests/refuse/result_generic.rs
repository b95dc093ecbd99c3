use background::background;

#[background]
fn make<T: Default>() -> T {
    T::default()
}

fn main() {
    assert_eq!(*make::<u32>(), 0);
}
