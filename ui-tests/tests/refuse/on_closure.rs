use background::background;

fn main() {
    let answer = #[background]
    || 42;
    assert_eq!(answer(), 42);
}
