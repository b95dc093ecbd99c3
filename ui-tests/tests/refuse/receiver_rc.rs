use background::background;
use std::rc::Rc;

struct Job(u32);

impl Job {
    #[background]
    fn run(self: Rc<Self>) -> u32 {
        self.0
    }
}

fn main() {
    assert_eq!(*Rc::new(Job(1)).run(), 1);
}
