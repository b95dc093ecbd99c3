use background::background;

#[background]
fn r#match(r#type: u32, (r#fn, _): (u32, u32)) -> u32 {
    r#type + r#fn
}

struct Job(u32);

impl Job {
    #[background(to_owned)]
    fn r#loop(&self, r#in: &u32) -> u32 {
        *r#in + self.0
    }
}

impl Clone for Job {
    fn clone(&self) -> Self {
        Job(self.0)
    }
}

fn main() {
    assert_eq!(*r#match(1, (2, 3)), 3);
    assert_eq!(*Job(1).r#loop(&2), 3);
}
