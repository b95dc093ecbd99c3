use background::background;
use std::borrow::Cow;

#[derive(serde::Serialize, serde::Deserialize)]
struct Job<'a>(Cow<'a, str>);

impl<'a> Job<'a> {
    #[background(process)]
    fn run(self) -> usize {
        self.0.len()
    }

    #[background(process)]
    fn make(text: String) -> Self {
        Self(text.into())
    }
}

fn main() {
    assert_eq!(*Job("four".into()).run(), 4);
}
