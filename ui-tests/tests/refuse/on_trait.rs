use background::background;

#[background]
trait Work {
    fn run(self);
}

impl Work for u8 {
    fn run(self) {}
}

fn main() {
    1.run();
}
