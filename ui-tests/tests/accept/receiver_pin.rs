use background::background;
use std::pin::Pin;
use std::sync::Arc;

struct Job(u32);

impl Job {
    #[background]
    fn run(self: Pin<Box<Self>>) -> u32 {
        self.0
    }

    #[background]
    fn share(self: Pin<Arc<Self>>) -> u32 {
        self.0
    }
}

fn main() {
    assert_eq!(*Box::pin(Job(7)).run(), 7);
    assert_eq!(*Arc::pin(Job(8)).share(), 8);
}
