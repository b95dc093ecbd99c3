use background::background;

struct Job(u32);

impl Job {
    #[background]
    fn run(&'static self) -> u32 {
        self.0
    }

    #[background]
    fn walk(self: &'static Self) -> u32 {
        self.0
    }
}

static JOB: Job = Job(7);

fn main() {
    assert_eq!(*JOB.run(), 7);
    assert_eq!(*JOB.walk(), 7);
}
