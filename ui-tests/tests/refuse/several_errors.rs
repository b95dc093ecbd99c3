use background::background;

#[background(dedicate, timeout = 5, when_full = reject)]
fn add(a: &str, b: &mut u32) -> u32 {
    a.len() as u32 + *b
}

fn main() {
    assert_eq!(*add("a", &mut 2), Ok(3));
}
