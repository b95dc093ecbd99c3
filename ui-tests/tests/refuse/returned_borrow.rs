use background::background;

struct Job(String);

impl Job {
    #[background(to_owned)]
    fn name(&self) -> &str {
        &self.0
    }
}

impl Clone for Job {
    fn clone(&self) -> Self {
        Job(self.0.clone())
    }
}

fn main() {
    let _ = Job(String::new()).name();
}
