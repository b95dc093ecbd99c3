use background::background;

#[background(to_owned)]
fn push(numbers: &mut Vec<u32>) {
    numbers.push(1);
}

fn main() {
    let mut numbers = vec![];
    assert_eq!(*push(&mut numbers), ());
}
