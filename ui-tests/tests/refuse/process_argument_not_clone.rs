use background::background;

#[derive(serde::Serialize, serde::Deserialize)]
struct Unique(u32);

#[background(process, to_owned)]
fn read(unique: &Unique) -> u32 {
    unique.0
}

fn main() {
    assert_eq!(*read(&Unique(1)), 1);
}
