use background::background;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
struct Point {
    x: i32,
    y: i32,
}

impl fmt::Display for Point {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "({}, {})", self.x, self.y)
    }
}

impl Point {
    const ORIGIN: Self = Self { x: 0, y: 0 };

    #[background(process)]
    fn new(x: i32, y: i32) -> Self {
        Self { x, y, ..Self::ORIGIN }
    }

    #[background(process)]
    fn sum(self) -> i32 {
        self.x + self.y
    }

    #[background(process)]
    fn moved(mut self, by: i32) -> Self {
        self.x += by;
        self.sideways(by);
        self
    }

    #[background(process)]
    fn boxed(self: Box<Self>) -> i32 {
        let Self { x, y } = *self;
        x * y
    }

    #[background(process)]
    fn mutable_box(mut self: Box<Self>) -> Box<Self> {
        self.x = 0;
        self
    }

    #[background(process, to_owned)]
    fn shown(&self) -> String {
        format!("{self} {}", self.x)
    }

    #[background(process, to_owned)]
    fn typed(self: &Self, names: &[String], text: &str, other: &Self) -> String {
        format!("{text}{}{}", names.join(","), self.x + other.x)
    }

    #[background(process, to_owned)]
    fn patterned(&(a, b): &(u8, u8)) -> u8 {
        a + b
    }

    #[background(process)]
    async fn later(self) -> i32 {
        std::future::ready(self.x).await
    }

    #[background(process)]
    fn unused(self) -> u8 {
        1
    }

    #[background(process)]
    fn nested(self) -> i32 {
        struct Inner(i32);
        impl Inner {
            fn get(&self) -> i32 {
                self.0
            }
        }
        let add = |n| self.x + n;
        add(Inner(self.y).get())
    }

    fn sideways(&mut self, by: i32) {
        self.y -= by;
    }
}

trait Shape: Serialize + DeserializeOwned + 'static {
    #[background(process)]
    fn area(self) -> f64;

    #[background(process)]
    fn twice(self) -> f64 {
        self.plain() * 2.0
    }

    fn plain(&self) -> f64;
}

#[derive(Serialize, Deserialize)]
struct Square(f64);

impl Shape for Square {
    #[background(process)]
    fn area(self) -> f64 {
        self.0 * self.0
    }

    fn plain(&self) -> f64 {
        self.0
    }
}

trait Associated {
    #[background(process, timeout = 1h)]
    fn plus(n: u8) -> u8;
}

impl Associated for u8 {
    #[background(process, timeout = 1h)]
    fn plus(n: Self) -> Self {
        n + 1
    }
}

fn point() -> Point {
    Point { x: 3, y: 4 }
}

fn main() {
    assert_eq!(*Point::new(3, 4), point());
    assert_eq!(point().sum(), 7);
    assert_eq!(*point().moved(2), Point { x: 5, y: 2 });
    assert_eq!(Box::new(point()).boxed(), 12);
    assert_eq!(Box::new(point()).mutable_box().x, 0);
    assert_eq!(point().shown(), "(3, 4) 3");
    assert_eq!(point().typed(&["a".to_owned()], "t", &point()), "ta6");
    assert_eq!(Point::patterned(&(1, 2)), 3);
    assert_eq!(point().later(), 3);
    assert_eq!(point().unused(), 1);
    assert_eq!(point().nested(), 7);
    assert_eq!(Square(2.0).area(), 4.0);
    assert_eq!(Square(2.0).twice(), 4.0);
    assert_eq!(<u8 as Associated>::plus(1), Ok(2));
}
