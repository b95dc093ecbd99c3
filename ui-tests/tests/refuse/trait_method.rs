use background::background;

trait Work {
    #[background]
    fn run(&self, text: &str) -> u32;
}

impl Work for u32 {
    #[background]
    fn run(&self, text: &str) -> u32 {
        *self + text.len() as u32
    }
}

fn main() {
    assert_eq!(*1.run("a"), 2);
}
