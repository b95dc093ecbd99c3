use background::background;

struct Job(u32);

struct Other(u32);

impl Job {
    #[background(process)]
    fn both(self, one: Other, other: Vec<Other>, fine: u32) -> Result<Other, u32> {
        if other.is_empty() {
            return Err(one.0);
        }
        Ok(Other(self.0 + one.0.count_ones() + fine))
    }
}

fn main() {
    assert!(Job(1).both(Other(1), Vec::new(), 1).is_err());
}
