use background::background;

struct Job(Vec<u32>);

impl Job {
    #[background]
    fn run(mut self, more: u32) -> Self {
        self.0.push(more);
        self
    }
}

fn main() {
    assert_eq!(Job(vec![1]).run(2).0, [1, 2]);
}
