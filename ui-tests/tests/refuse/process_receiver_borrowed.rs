use background::background;

#[derive(serde::Serialize, serde::Deserialize)]
struct Job(u32);

impl Job {
    #[background(process)]
    fn run(&self) -> u32 {
        self.0
    }

    #[background(process, to_owned)]
    fn change(&mut self) {
        self.0 = 1;
    }
}

fn main() {
    assert_eq!(*Job(1).run(), 1);
}
