use background::background;

#[background]
fn add(a: u32, ...) -> u32 {
    a
}

fn main() {
    assert_eq!(*add(1), 1);
}
