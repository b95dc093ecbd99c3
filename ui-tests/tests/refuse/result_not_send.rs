use background::background;
use std::rc::Rc;

#[background]
fn make(number: u32) -> Rc<u32> {
    Rc::new(number)
}

fn main() {
    assert_eq!(**make(1), 1);
}
