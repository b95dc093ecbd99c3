use background::background;

#[derive(serde::Serialize, serde::Deserialize)]
struct Job<'a>(std::borrow::Cow<'a, str>);

#[background(process)]
fn run(job: Job) -> usize {
    job.0.len()
}

fn main() {
    assert_eq!(*run(Job("four".into())), 4);
}
