use background::background;

struct Job(u32);

impl Job {
    #[background]
    fn run(self: Box<Self>) -> u32 {
        self.0
    }

    #[background]
    fn grow(mut self: Box<Self>) -> u32 {
        self.0 += 1;
        self.0
    }
}

fn main() {
    assert_eq!(*Box::new(Job(7)).run(), 7);
    assert_eq!(*Box::new(Job(7)).grow(), 8);
}
