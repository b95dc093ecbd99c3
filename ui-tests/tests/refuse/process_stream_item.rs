use background::background;

struct Row(u32);

#[background(stream, process)]
fn written() -> impl Iterator<Item = Row> {
    (0..3).map(Row)
}

#[background(stream, process)]
fn named() -> std::vec::IntoIter<Row> {
    vec![Row(1)].into_iter()
}

#[background(stream, process)]
fn pointing() -> impl Iterator<Item = &'static str> {
    ["a"].into_iter()
}

fn main() {
    for row in written().chain(named()) {
        drop(row.0);
    }
    let _ = pointing();
}
