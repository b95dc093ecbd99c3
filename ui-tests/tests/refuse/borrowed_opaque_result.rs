use background::background;
use std::fmt::Display;

#[background]
fn first(text: &str) -> Option<impl Display + Send> {
    text.chars().next()
}

#[background]
async fn later(text: &str) -> impl Display + Send {
    std::future::ready(text.len()).await
}

fn main() {
    assert!(first("text").is_some());
    assert_eq!(later("text").to_string(), "4");
}
