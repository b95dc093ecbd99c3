mod facade {
    pub mod inner {
        pub use background as bg;
    }
}

use facade::inner::bg::background;

#[background(crate = facade::inner::bg, timeout = 1min)]
fn by_path(n: u32) -> u32 {
    loop {
        break n;
    }
}

#[background(crate = "crate::facade::inner::bg")]
fn by_text(n: u32) -> u32 {
    n
}

#[background(crate = ::background)]
fn absolute(n: u32) -> u32 {
    n
}

fn main() {
    assert_eq!(*by_path(1), Ok(1));
    assert_eq!(*by_text(2), 2);
    assert_eq!(*absolute(3), 3);
}
