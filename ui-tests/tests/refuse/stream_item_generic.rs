use background::background;

#[background(stream)]
fn written<T: Clone>(item: T) -> impl Iterator<Item = T> {
    std::iter::once(item)
}

fn main() {
    let _ = written(1);
}
