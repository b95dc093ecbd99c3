use background::background;
use serde::Serialize;
use serde::de::DeserializeOwned;

#[background(process)]
fn count<T: Serialize + DeserializeOwned>(other: u8, values: Vec<T>) -> usize {
    values.len() + usize::from(other)
}

fn main() {
    assert_eq!(*count(1, vec![1]), 2);
}
