use background::background;

#[background]
fn count(text: String) -> u32 {
    text
}

fn main() {
    assert_eq!(*count(String::new()), 0);
}
