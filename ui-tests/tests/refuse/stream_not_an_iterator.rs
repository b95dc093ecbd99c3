use background::background;

#[background(stream)]
fn collection() -> Vec<u32> {
    vec![1, 2]
}

#[background(stream, process)]
fn array() -> [u32; 2] {
    [1, 2]
}

#[background(stream)]
fn number() -> u32 {
    1
}

#[background(stream = 8)]
fn body() -> impl Iterator<Item = u32> {
    vec![1, 2]
}

fn main() {
    let _sum: u32 = collection().chain(array()).sum();
    let _ = body();
}
