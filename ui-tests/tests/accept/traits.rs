use background::{Background, Timeout, background};
use std::sync::Arc;

trait Work: Send + Sync + 'static {
    #[background]
    fn run(self: Arc<Self>, times: u32) -> u32;

    #[background]
    fn twice(self: Arc<Self>) -> u32 {
        self.clone().size() * 2
    }

    #[background(timeout = 1min)]
    fn hurry(self: Box<Self>, _: u8) -> u32;

    #[background]
    fn associated(n: u32) -> u32
    where
        Self: Sized;

    #[background]
    async fn later(self: Arc<Self>) -> u32;

    fn size(&self) -> u32;
}

struct Job(u32);

impl Work for Job {
    #[background]
    fn run(self: Arc<Self>, times: u32) -> u32 {
        self.0 * times
    }

    #[background(timeout = 1min)]
    fn hurry(self: Box<Self>, _: u8) -> u32 {
        self.0
    }

    #[background]
    fn associated(n: u32) -> u32 {
        n
    }

    #[background]
    async fn later(self: Arc<Self>) -> u32 {
        self.0
    }

    fn size(&self) -> u32 {
        self.0
    }
}

fn main() {
    let work: Arc<dyn Work> = Arc::new(Job(7));
    assert_eq!(*work.clone().run(2), 14);
    assert_eq!(*work.clone().twice(), 14);
    assert_eq!(*work.later(), 7);
    assert_eq!(*Job::associated(3), 3);
    let hurried: Background<u32, Timeout> = (Box::new(Job(5)) as Box<dyn Work>).hurry(0);
    assert_eq!(*hurried, Ok(5));
}
