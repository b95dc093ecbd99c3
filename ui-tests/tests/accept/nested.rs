use background::background;

#[background]
fn outer(n: u32) -> u32 {
    #[background(timeout = 1min)]
    fn inner(n: u32) -> u32 {
        n + 1
    }
    inner(n).unwrap_or(0) + 1
}

fn main() {
    assert_eq!(*outer(1), 3);
    #[background]
    fn local() -> u32 {
        4
    }
    assert_eq!(*local(), 4);
}
