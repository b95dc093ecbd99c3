use background::background;

struct Job(u32);

#[background(process)]
fn make(number: u32) -> Job {
    Job(number)
}

fn main() {
    assert_eq!(make(1).0, 1);
}
