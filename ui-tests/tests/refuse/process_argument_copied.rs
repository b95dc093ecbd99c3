use background::background;

#[derive(Clone)]
struct Job(u32);

#[background(process, to_owned)]
fn read(job: &Job, jobs: &[Job]) -> u32 {
    job.0 + jobs[0].0
}

fn main() {
    assert_eq!(*read(&Job(1), &[Job(2)]), 3);
}
