use background::background;

struct Job(u32);

impl Job {
    #[background(process)]
    fn run(self) -> u32 {
        self.0
    }
}

fn main() {
    assert_eq!(*Job(1).run(), 1);
}
