use background::background;

struct Cell<T>(T);

impl<T: Send> Cell<T> {
    #[background]
    fn wrap(inner: std::rc::Rc<T>) -> usize {
        std::rc::Rc::strong_count(&inner)
    }
}

fn main() {
    assert_eq!(*Cell::wrap(std::rc::Rc::new(1)), 1);
}
