use background::background;

trait Work: Sized {
    #[background(process)]
    fn run(self) -> u32 {
        self.size()
    }

    fn size(&self) -> u32;
}

fn main() {}
