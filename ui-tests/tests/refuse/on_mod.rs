use background::background;

#[background]
mod jobs {
    pub fn run() {}
}

fn main() {
    jobs::run();
}
