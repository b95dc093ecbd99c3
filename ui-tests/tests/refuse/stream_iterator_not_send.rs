use background::background;
use std::rc::Rc;

#[background(stream)]
fn opaque() -> impl Iterator<Item = u32> {
    let one = Rc::new(1);
    (0..3).map(move |n| n + *one)
}

#[background(stream)]
fn boxed() -> Box<dyn Iterator<Item = u32>> {
    Box::new(0..3)
}

fn main() {
    let _ = (opaque(), boxed());
}
