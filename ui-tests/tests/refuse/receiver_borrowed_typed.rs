use background::background;

struct Job(u32);

impl Job {
    #[background]
    fn run(self: &Self) -> u32 {
        self.0
    }
}

fn main() {
    assert_eq!(*Job(1).run(), 1);
}
