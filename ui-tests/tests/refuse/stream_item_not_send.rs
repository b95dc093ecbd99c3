use background::background;
use std::rc::Rc;

#[background(stream)]
fn written() -> impl Iterator<Item = Rc<u32>> {
    (0..3).map(Rc::new)
}

#[background(stream)]
fn named() -> std::vec::IntoIter<Rc<u32>> {
    vec![Rc::new(1)].into_iter()
}

fn main() {
    let _ = (written(), named());
}
