use background::background;

struct Job(u32);

#[background(process)]
fn run(job: Job, more: u32) -> u32 {
    job.0.count_ones() + more
}

fn main() {
    assert_eq!(*run(Job(1), 2), 3);
}
