use background::background;

#[background]
fn sum(numbers: &[u32]) -> u32 {
    numbers.iter().sum()
}

fn main() {
    assert_eq!(*sum(&[1, 2]), 3);
}
