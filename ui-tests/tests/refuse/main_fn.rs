use background::background;

#[background]
fn main() {}
