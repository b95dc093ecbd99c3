use background::background;
use std::rc::Rc;

struct Job(Rc<u32>);

impl Job {
    #[background]
    fn run(self) -> u32 {
        *self.0
    }
}

fn main() {
    assert_eq!(*Job(Rc::new(1)).run(), 1);
}
