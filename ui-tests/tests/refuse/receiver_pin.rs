use background::background;
use std::pin::Pin;

struct Job(u32);

impl Job {
    #[background]
    fn run(self: Pin<&mut Self>) -> u32 {
        self.0
    }
}

fn main() {
    assert_eq!(*Pin::new(&mut Job(1)).run(), 1);
}
