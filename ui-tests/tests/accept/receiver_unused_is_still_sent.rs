use background::background;
use std::sync::mpsc::Sender;
use std::thread::{self, ThreadId};

struct Witness(Sender<ThreadId>);

impl Drop for Witness {
    fn drop(&mut self) {
        let _ = self.0.send(thread::current().id());
    }
}

impl Witness {
    #[background(dedicated)]
    fn unused(self) {}
}

fn main() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let done = Witness(sender).unused();
    assert_ne!(receiver.recv(), Ok(thread::current().id()));
    assert_eq!(*done, ());
}
