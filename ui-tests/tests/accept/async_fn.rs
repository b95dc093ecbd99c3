use background::{Background, background};
use std::num::ParseIntError;
use std::rc::Rc;

async fn ready<T>(value: T) -> T {
    value
}

#[background]
async fn add(a: u32, (b, _): (u32, u32)) -> u32 {
    // Not `Send`, and held across an await.
    let local = Rc::new(a);
    let b = ready(b).await;
    *local + b
}

#[background]
async fn parse(text: String) -> Result<u32, ParseIntError> {
    let n: u32 = ready(text).await.parse()?;
    if n == 0 {
        return Ok(100);
    }
    Ok(n)
}

#[background]
async fn nothing() {}

struct Job(u32);

impl Job {
    #[background]
    async fn run(mut self, more: u32) -> u32 {
        self.0 += ready(more).await;
        self.0
    }

    #[background(to_owned)]
    async fn look(&self, name: &str) -> String {
        let name = ready(name).await;
        format!("{name}{}", self.0)
    }
}

impl Clone for Job {
    fn clone(&self) -> Self {
        Job(self.0)
    }
}

fn main() {
    assert_eq!(*add(1, (2, 3)), 3);
    assert_eq!(*parse("7".to_owned()), Ok(7));
    assert_eq!(*parse("0".to_owned()), Ok(100));
    assert!(Background::join(parse("x".to_owned())).is_err());
    assert_eq!(*nothing(), ());
    assert_eq!(*Job(1).look("a"), "a1");
    assert_eq!(*Job(1).run(2), 3);
}
