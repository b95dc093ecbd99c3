use background::background;
use std::sync::Arc;

#[derive(serde::Serialize, serde::Deserialize)]
struct Job(u32);

impl Job {
    #[background(process)]
    fn run(self: Arc<Self>) -> u32 {
        self.0
    }
}

fn main() {
    assert_eq!(*Arc::new(Job(1)).run(), 1);
}
