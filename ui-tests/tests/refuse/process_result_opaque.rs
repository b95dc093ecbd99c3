use background::background;

#[background(process)]
fn make(number: u32) -> impl Fn() -> u32 + Send + 'static {
    move || number
}

fn main() {
    assert_eq!(make(1)(), 1);
}
