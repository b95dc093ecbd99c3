use background::background;
use std::sync::Arc;

struct Job(u32);

impl Job {
    #[background]
    fn run(self: Arc<Self>, more: u32) -> u32 {
        self.0 + more
    }
}

fn main() {
    let job = Arc::new(Job(7));
    let results = [job.clone().run(1), job.run(2)];
    assert_eq!(*results[0] + *results[1], 17);
}
