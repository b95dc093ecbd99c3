use background::background;

#[background]
fn length(text: Option<&str>) -> usize {
    text.map_or(0, str::len)
}

fn main() {
    assert_eq!(*length(Some("text")), 4);
}
