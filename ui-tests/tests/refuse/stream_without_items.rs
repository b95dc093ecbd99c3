use background::background;

#[background(stream)]
fn nothing() {}

#[background(stream)]
fn fallible() -> Result<impl Iterator<Item = u32>, String> {
    Ok(0..3)
}

#[background(stream)]
fn unsaid() -> impl Iterator {
    0..3
}

trait Rows {
    #[background(stream)]
    fn rows(self) -> (u32, u32);
}

fn main() {
    for unit in nothing() {
        let () = unit;
    }
    let _ = (fallible(), unsaid());
}
