use background::background;

struct Job<'a>(&'a str);

#[background]
fn run(job: Job) -> usize {
    job.0.len()
}

fn main() {
    assert_eq!(*run(Job("four")), 4);
}
