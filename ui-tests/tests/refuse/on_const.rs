use background::background;

#[background]
const ANSWER: u32 = 42;

fn main() {
    assert_eq!(ANSWER, 42);
}
