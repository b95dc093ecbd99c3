//! Methods in the background: what a method may take, and how its object gets there.
//!
//! ```text
//! cargo run --example methods
//! ```

use std::fmt::Display;
use std::sync::Arc;

use background::{Background, background};

/// A page of text.
#[derive(Clone)]
struct Page {
    text: String,
}

impl Page {
    /// `self` moves to the background, and is gone for the caller.
    #[background]
    fn into_words(self) -> Vec<String> {
        self.text.split_whitespace().map(str::to_owned).collect()
    }

    /// `Arc<Self>` is shared: many calls read one page, and nothing is copied.
    #[background]
    fn count(self: Arc<Self>, letter: char) -> usize {
        self.text.matches(letter).count()
    }

    /// `&self` and `&str` are borrowed, and the caller may let go of them before the body ends. With
    /// `to_owned` the body gets copies.
    #[background(to_owned)]
    fn contains(&self, word: &str) -> bool {
        self.text.split_whitespace().any(|other| other == word)
    }

    /// No `self` at all.
    #[background]
    fn repeated(word: &'static str, times: usize) -> Self {
        Self { text: vec![word; times].join(" ") }
    }

    /// Generic: what the body needs of the type is written as for a thread.
    #[background]
    fn join_all<T: Display + Send + 'static>(items: Vec<T>) -> Self {
        let words: Vec<String> = items.iter().map(T::to_string).collect();
        Self { text: words.join(" ") }
    }
}

/// In a trait the attribute gives the declaration and each implementation the same signature.
trait Summary {
    #[background]
    fn summary(self) -> String;

    /// A method that is provided needs nothing else.
    #[background]
    fn length(self) -> usize
    where
        Self: Sized + Send + 'static,
    {
        self.summary().len()
    }
}

impl Summary for Page {
    #[background]
    fn summary(self) -> String {
        self.text.chars().take(5).collect()
    }
}

fn main() {
    let page = Arc::new(Page { text: "a rose is a rose is a rose".to_owned() });

    // These run at the same time.
    let letters = Arc::clone(&page).count('s');
    let found = page.contains("rose");
    let words = Page::clone(&page).into_words();
    let summary = Page::clone(&page).summary();
    let length = Page::clone(&page).length();

    println!("{letters} times s, rose: {found}, {} words: {words:?}", words.len());
    println!("{summary:?} has {length} letters");
    assert_eq!(letters, 5);
    assert_eq!(found, true);
    assert_eq!(words.len(), 8);
    assert_eq!(summary, "a ros");
    assert_eq!(length, 5);

    // A future is its value, so a method of the value can be called on it; `join` gives the value
    // itself, which `into_words` consumes.
    let repeated = Page::repeated("go", 3);
    println!("{}", repeated.text);
    assert_eq!(Background::join(repeated).into_words(), ["go", "go", "go"]);
    assert_eq!(Page::join_all(vec![1.5, 2.5]).text, "1.5 2.5");
}
