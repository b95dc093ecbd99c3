use background::background;
use std::rc::Rc;

#[background]
fn read(number: Rc<u32>, (text, _): (String, u8)) -> u32 {
    *number + text.len() as u32
}

fn main() {
    assert_eq!(*read(Rc::new(1), (String::new(), 0)), 1);
}
