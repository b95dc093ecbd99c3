use background::background;

#[background(priority = 21)]
fn nicer_than_nice() {}

#[background(priority = -21)]
fn greedy() {}

#[background(priority = "high")]
fn text() {}

#[background(series = 5)]
fn number() {}

fn main() {
    nicer_than_nice();
    greedy();
    text();
    number();
}
