use background::background;

#[background(to_owned)]
fn lengths(texts: &[&str]) -> usize {
    texts.iter().map(|text| text.len()).sum()
}

fn main() {
    assert_eq!(*lengths(&["a", "b"]), 2);
}
