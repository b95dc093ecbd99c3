use background::background;

#[background(stream)]
async fn rows() -> impl Iterator<Item = u32> {
    0..3
}

fn main() {
    let _sum: u32 = rows().sum();
}
