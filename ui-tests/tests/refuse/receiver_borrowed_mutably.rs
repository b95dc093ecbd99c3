use background::background;

struct Job(u32);

impl Job {
    #[background(to_owned)]
    fn run(&mut self) {
        self.0 += 1;
    }
}

fn main() {
    assert_eq!(*Job(1).run(), ());
}
