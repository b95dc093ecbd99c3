use background::background;

#[derive(Clone)]
struct Text {
    words: Vec<String>,
}

impl Text {
    #[background(stream, to_owned)]
    fn longer_than(&self, n: usize) -> impl Iterator<Item = String> {
        self.words.iter().filter(move |word| word.len() > n).cloned()
    }

    #[background(stream = 2, to_owned)]
    fn pairs<'a>(&'a self, others: &'a [String]) -> Box<dyn Iterator<Item = String> + Send + 'a> {
        if others.is_empty() {
            return Box::new(std::iter::empty());
        }
        Box::new(
            self.words.iter().zip(others).map(move |(one, other)| format!("{self} {one} {other}")),
        )
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.words.len())
    }
}

#[background(stream, to_owned, killable)]
fn words(
    text: &str,
    mut n: usize,
    (less, _): &(usize, String),
) -> impl Iterator<Item = String> + '_ {
    n -= less;
    text.split(' ').map(str::to_owned).take(n)
}

#[background(stream, to_owned)]
fn owned(text: &str, last: &'static str) -> std::vec::IntoIter<String> {
    vec![text.to_owned(), last.to_owned()].into_iter()
}

#[background(stream, to_owned)]
fn generic<T: Clone + Send + Sync + 'static>(all: &[T]) -> impl Iterator<Item = T> {
    all.iter().cloned().rev()
}

#[background(stream, to_owned)]
fn unused(_text: &str) -> impl Iterator<Item = u8> {
    0..3
}

fn main() {
    let text = Text { words: vec!["a".into(), "bc".into()] };
    assert_eq!(text.longer_than(1).collect::<Vec<_>>(), ["bc"]);
    assert_eq!(text.pairs(&["x".into()]).collect::<Vec<_>>(), ["2 a x"]);
    assert_eq!(text.pairs(&[]).count(), 0);
    assert_eq!(words("so it goes", 3, &(1, String::new())).collect::<Vec<_>>(), ["so", "it"]);
    assert_eq!(owned("a", "b").last().as_deref(), Some("b"));
    assert_eq!(generic(&[1, 2]).next(), Some(2));
    assert_eq!(unused("").count(), 3);
}
