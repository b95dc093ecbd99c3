use background::background;

struct Point {
    x: u32,
    y: u32,
}

struct Metre(u32);

#[background]
fn tuple((a, b): (u32, u32), [first, .., last]: [u32; 4]) -> u32 {
    a + b + first + last
}

#[background]
fn fields(Point { x, y: height }: Point, Metre(length): Metre) -> u32 {
    x + height + length
}

#[background]
fn bound(whole @ (a, _): (u32, u32), &b: &'static u32) -> u32 {
    whole.1 + a + b
}

#[background]
fn changed(mut n: u32, (mut a, ref b): (u32, String)) -> u32 {
    n += 1;
    a += n;
    a + b.len() as u32
}

fn main() {
    assert_eq!(*tuple((1, 2), [3, 0, 0, 4]), 10);
    assert_eq!(*fields(Point { x: 1, y: 2 }, Metre(3)), 6);
    assert_eq!(*bound((1, 2), &3), 6);
    assert_eq!(*changed(1, (2, "x".to_owned())), 5);
}
