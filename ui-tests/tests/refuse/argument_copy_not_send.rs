use background::background;
use std::rc::Rc;

#[background(to_owned)]
fn read(number: &Rc<u32>) -> u32 {
    **number
}

fn main() {
    assert_eq!(*read(&Rc::new(1)), 1);
}
