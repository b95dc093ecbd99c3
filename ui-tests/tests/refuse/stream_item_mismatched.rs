use background::background;

#[background(stream)]
fn rows(n: u32) -> impl Iterator<Item = String> {
    0..n
}

fn main() {
    let _ = rows(1);
}
