use background::background;
use std::collections::HashMap;

#[background]
fn count<'a>(map: &'a HashMap<String, u32>) -> usize {
    map.len()
}

fn main() {
    assert_eq!(*count(&HashMap::new()), 0);
}
