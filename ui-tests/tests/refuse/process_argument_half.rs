use background::background;

#[derive(serde::Serialize)]
struct Job(u32);

#[background(process)]
fn run(job: Option<Job>) -> usize {
    job.iter().count()
}

fn main() {
    assert_eq!(*run(None), 0);
}
