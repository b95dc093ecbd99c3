use background::background;

fn main() {
    let add = #[background]
    |a: u32, b: u32| a + b;
    assert_eq!(add(1, 2), 3);
}
