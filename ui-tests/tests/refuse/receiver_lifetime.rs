use background::background;

struct Job<'a>(&'a str);

impl<'a> Job<'a> {
    #[background]
    fn run(self) -> usize {
        self.0.len()
    }
}

fn main() {
    assert_eq!(*Job("four").run(), 4);
}
