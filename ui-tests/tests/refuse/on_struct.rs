use background::background;

#[background]
struct Job(u32);

fn main() {
    let _ = Job(1).0;
}
