use background::background;
use std::sync::Arc;

#[background(process)]
fn run(job: Arc<u32>) -> u32 {
    *job
}

fn main() {
    assert_eq!(*run(Arc::new(1)), 1);
}
