use background::{Timeout, background};

macro_rules! whole {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident: $ty:ty),*) -> $ret:ty $body:block) => {
        #[background]
        $(#[$meta])*
        $vis fn $name($($arg: $ty),*) -> $ret $body
    };
}

whole! {
    /// Documented.
    #[inline]
    pub fn add(a: u32, b: Option<u32>) -> Option<u32> { Some(a + b?) }
}

macro_rules! limited {
    ($name:ident, $time:expr, $literal:literal, $pattern:pat, $value:expr) => {
        #[background(timeout = $time, deadline = $literal, name = stringify!($name))]
        fn $name($pattern: (u32, u32)) -> u32 {
            $value
        }
    };
}

limited!(timed, std::time::Duration::from_secs(60), "1m", (_, _), 6 * 7);

macro_rules! literal {
    ($name:ident, $time:literal, $flag:literal) => {
        #[background(timeout = $time, catch = $flag)]
        fn $name() -> u32 {
            let x = 1;
            x
        }
    };
}

literal!(seconds, 60s, false);

macro_rules! method {
    ($type:ident) => {
        impl $type {
            #[background(to_owned)]
            fn get(&self, name: &str) -> String {
                format!("{name}{}", self.0)
            }
        }
    };
}

#[derive(Clone)]
struct Job(u32);
method!(Job);

fn main() {
    assert_eq!(*add(1, Some(2)), Some(3));
    assert_eq!(*timed((1, 2)), Ok(42));
    let value: Result<u32, Timeout> = *seconds();
    assert_eq!(value, Ok(1));
    assert_eq!(*Job(1).get("a"), "a1");
}
