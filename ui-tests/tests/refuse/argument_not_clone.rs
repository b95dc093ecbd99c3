use background::background;

struct Unique;

#[background(to_owned)]
fn read(unique: &Unique) -> usize {
    std::mem::size_of_val(unique)
}

fn main() {
    assert_eq!(*read(&Unique), 0);
}
