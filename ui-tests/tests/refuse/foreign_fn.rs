use background::background;

unsafe extern "C" {
    #[background]
    fn abs(n: i32) -> i32;
}

fn main() {}
