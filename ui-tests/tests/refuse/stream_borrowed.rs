use background::background;

#[background(stream)]
fn words(text: &str) -> impl Iterator<Item = &str> + '_ {
    text.split(' ')
}

fn main() {
    let _ = words("a b").count();
}
