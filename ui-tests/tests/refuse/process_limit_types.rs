use background::background;

#[background(process, memory = "x".len(), cpu = 1 + 1, max_calls = "x".len())]
fn run() {}

fn main() {
    run();
}
