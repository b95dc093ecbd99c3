use background::background;

#[background(process)]
fn count<T: serde::Serialize + 'static>(values: Vec<T>) -> usize {
    values.len()
}

fn main() {
    assert_eq!(*count(vec![1]), 1);
}
