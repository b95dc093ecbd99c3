use background::background;

#[background(process)]
fn make(number: u32, text: String) -> String {
    if text.is_empty() {
        return number;
    }
    number + 1
}

fn main() {
    assert_eq!(*make(1, String::new()), "1");
}
