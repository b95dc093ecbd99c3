//! How often something was tried, in words.

use std::fmt;

/// Prints a number of tries.
pub(super) struct Tries(pub(super) u32);

const WORDS: [&str; 10] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

impl fmt::Display for Tries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = usize::try_from(self.0).ok().and_then(|n| WORDS.get(n.checked_sub(1)?));
        match (word, self.0) {
            (_, 1) => f.write_str("one try"),
            (Some(word), _) => write!(f, "{word} tries"),
            (None, number) => write!(f, "{number} tries"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tries;

    #[test]
    fn small_numbers_are_words() {
        let texts = [1, 2, 10, 11].map(|number| Tries(number).to_string());
        assert_eq!(texts, ["one try", "two tries", "ten tries", "11 tries"]);
    }
}
