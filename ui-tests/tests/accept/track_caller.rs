use background::background;

#[background]
#[track_caller]
fn tracked() -> u32 {
    1
}

fn main() {
    assert_eq!(*tracked(), 1);
}
