use background::background;

#[background]
fn pair<T: Send>(one: T, other: Vec<T>) -> (T, Vec<T>) {
    (one, other)
}

fn main() {
    assert_eq!(*pair(1, vec![2]), (1, vec![2]));
}
