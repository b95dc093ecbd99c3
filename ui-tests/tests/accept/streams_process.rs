use background::{BackgroundIter, Failure, ProcessPool, background};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
struct Row {
    number: u32,
    cells: Vec<Option<i64>>,
}

#[background(process, stream)]
fn rows(count: u32) -> impl Iterator<Item = Row> {
    (0..count).map(|number| Row { number, cells: vec![Some(number.into()), None] })
}

#[background(stream = 4, process, timeout = 1h, memory = "1 GiB")]
fn named(words: Vec<String>) -> std::vec::IntoIter<String> {
    words.into_iter()
}

#[background(stream, process)]
fn generic<T>(all: BTreeMap<u8, T>) -> Box<dyn Iterator<Item = (u8, T)> + Send>
where
    T: Serialize + DeserializeOwned + Send + 'static,
{
    Box::new(all.into_iter().rev())
}

#[background(stream, process, catch)]
fn fallible(text: String) -> impl Iterator<Item = Result<u8, String>> {
    let words: Vec<String> = text.split(' ').map(String::from).collect();
    words.into_iter().map(|word| word.parse().map_err(|_| word))
}

#[background(stream, process, catch)]
fn crashes() -> impl Iterator<Item = u32> {
    (0..).inspect(|n| {
        if *n == 100 {
            std::process::abort();
        }
    })
}

#[background(stream, process, to_owned)]
fn words(text: &str, (skipped, _): (usize, u8)) -> impl Iterator<Item = String> {
    text.split(' ').map(str::to_owned).skip(skipped)
}

static POOL: LazyLock<ProcessPool> = LazyLock::new(|| background::processes().workers(1).build());

impl Row {
    #[background(process, on = *POOL, stream = self.cells.len())]
    fn cells(self) -> impl Iterator<Item = Option<i64>> {
        self.cells.into_iter()
    }

    #[background(process, stream, to_owned)]
    fn shown(&self) -> impl Iterator<Item = String> + '_ {
        self.cells.iter().map(|cell| format!("{cell:?}"))
    }
}

trait Rows: Serialize + DeserializeOwned + 'static {
    #[background(process, stream)]
    fn rows(self) -> impl Iterator<Item = u8>;
}

#[derive(Serialize, Deserialize)]
struct Two;

impl Rows for Two {
    #[background(process, stream)]
    fn rows(self) -> impl Iterator<Item = u8> {
        [1, 2].into_iter()
    }
}

fn main() {
    let all: Vec<Row> = rows(200).collect();
    assert_eq!(all[7], Row { number: 7, cells: vec![Some(7), None] });
    assert_eq!(named(vec!["a".into(), "b".into()]).last(), Some(Ok("b".into())));
    assert_eq!(
        generic([(1, "a".to_owned()), (2, "b".to_owned())].into()).next(),
        Some((2, "b".into()))
    );
    let parsed: BackgroundIter<Result<u8, String>, Failure> = fallible("1 x".into());
    assert_eq!(parsed.map(Result::unwrap).collect::<Vec<_>>(), [Ok(1), Err("x".into())]);
    let mut until: Vec<_> = crashes().collect();
    assert!(until.pop().expect("a failure").expect_err("the last one").is_crash());
    assert_eq!(
        until.into_iter().map(Result::unwrap).collect::<Vec<_>>(),
        (0..100).collect::<Vec<_>>()
    );
    assert_eq!(words("so it goes", (1, 0)).collect::<Vec<_>>(), ["it", "goes"]);
    assert_eq!(all[7].clone().cells().count(), 2);
    assert_eq!(all[7].shown().collect::<String>(), "Some(7)None");
    assert_eq!(Two.rows().sum::<u8>(), 3);
}
