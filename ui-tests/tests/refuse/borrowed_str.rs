use background::background;

#[background]
fn length(text: &str) -> usize {
    text.len()
}

fn main() {
    assert_eq!(*length("text"), 4);
}
