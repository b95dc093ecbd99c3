use background::background;

struct Job;

#[background(process)]
fn run(name: &str, job: &Job, list: &'static [u8]) -> &'static str {
    "none"
}

fn main() {
    run("", &Job, &[]);
}
