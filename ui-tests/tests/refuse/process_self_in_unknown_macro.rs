use background::background;

macro_rules! show {
    ($text:literal) => {
        format!($text)
    };
}

#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
struct Job(u32);

impl Job {
    #[background(process)]
    fn show(self) -> String {
        show!("{self:?}")
    }
}

fn main() {
    assert_eq!(*Job(1).show(), "Job(1)");
}
