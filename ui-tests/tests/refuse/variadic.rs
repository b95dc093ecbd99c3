use background::background;

#[background]
unsafe extern "C" fn add(a: u32, mut rest: ...) -> u32 {
    a
}

fn main() {}
