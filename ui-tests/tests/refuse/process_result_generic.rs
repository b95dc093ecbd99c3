use background::background;

#[background(process)]
fn make<T: Default>() -> Option<T> {
    Some(T::default())
}

fn main() {
    assert_eq!(*make::<u32>(), Some(0));
}
