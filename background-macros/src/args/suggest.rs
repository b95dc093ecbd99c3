//! "Did you mean": for a word that is not one of a known few.

/// How alike two words have to be, from 0 to 1, before one is offered for the other.
const ALIKE: f64 = 0.8;

/// The known word that was probably meant.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), *candidate))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, candidate)| candidate)
}

/// The complaint about a word that is none of the known ones.
pub(crate) fn unknown(what: &str, word: &str, known: &[&str]) -> String {
    let guess =
        nearest(word, known).map(|guess| format!("; did you mean `{guess}`?")).unwrap_or_default();
    let list: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
    format!("unknown {what} `{word}`{guess}\nknown are {}", list.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{nearest, unknown};

    #[test]
    fn a_slip_of_the_pen_is_recognised() {
        let known = ["timeout", "deadline", "catch", "dedicated"];
        assert_eq!(nearest("timout", &known), Some("timeout"));
        assert_eq!(nearest("time_out", &known), Some("timeout"));
        assert_eq!(nearest("dedicate", &known), Some("dedicated"));
        assert_eq!(nearest("catches", &known), Some("catch"));
    }

    #[test]
    fn another_word_is_not() {
        assert_eq!(nearest("zebra", &["timeout", "catch"]), None);
        assert_eq!(
            unknown("colour", "zebra", &["red", "green"]),
            "unknown colour `zebra`\nknown are `red`, `green`"
        );
    }
}
