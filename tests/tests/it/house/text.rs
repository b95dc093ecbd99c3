//! What every text file keeps to.

use super::tree::Tree;
use super::violation::Violation;

/// Longer files hold more than one thing.
const MOST_LINES: usize = 500;

pub(super) fn no_file_is_too_long(tree: &Tree) -> Vec<Violation> {
    let long = tree.rust().filter_map(|file| {
        let lines = file.text.lines().count();
        (lines > MOST_LINES).then(|| {
            Violation::new(
                &file.path,
                lines,
                format!("{lines} lines; {MOST_LINES} are the most a file may have"),
                "find the two things it is about, and give each a file",
            )
        })
    });
    long.collect()
}

/// Paths and marks are put together from pieces, so that this file keeps its own rule.
pub(super) fn no_machine_shows_through(tree: &Tree) -> Vec<Violation> {
    let folders = ["tmp", "root", "home", "mnt"].map(|folder| format!("/{folder}/"));
    find(tree, "a path of somebody's machine", "name a place that every machine has", |line| {
        folders.iter().any(|folder| line.contains(folder.as_str()))
    })
}

pub(super) fn nothing_is_left_to_do(tree: &Tree) -> Vec<Violation> {
    let marks = [["TO", "DO"], ["FIX", "ME"], ["XX", "X"], ["HA", "CK"]].map(|mark| mark.concat());
    find(tree, "a mark of unfinished work", "do it, or open an issue for it", |line| {
        line.split(|letter: char| !letter.is_alphanumeric())
            .any(|word| marks.iter().any(|mark| word == mark))
    })
}

pub(super) fn every_letter_can_be_seen(tree: &Tree) -> Vec<Violation> {
    let mut violations = find(
        tree,
        "an invisible character",
        "write only what a reader can see; escape what has to be there",
        |line| line.chars().any(is_invisible) || line.ends_with([' ', '\t']),
    );
    for file in tree.files() {
        if !file.text.is_empty() && (!file.text.ends_with('\n') || file.text.ends_with("\n\n")) {
            violations.push(Violation::new(
                &file.path,
                file.text.lines().count(),
                "the file does not end with one line break",
                "end it with exactly one",
            ));
        }
    }
    violations.retain(|violation| !is_recorded(&violation.file));
    violations
}

/// Recorded by tools, who have their own ideas about white space.
fn is_recorded(path: &str) -> bool {
    [".stderr", ".snap", ".lock"].iter().any(|ending| path.ends_with(ending))
        || path.rsplit('/').next().is_some_and(|name| name.starts_with("LICENSE"))
}

/// Control characters, spaces without width, and marks that change the direction of writing.
fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn find(tree: &Tree, what: &str, instead: &str, matches: impl Fn(&str) -> bool) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.files() {
        for (number, line) in file.text.split('\n').enumerate() {
            if matches(line) {
                violations.push(Violation::new(&file.path, number + 1, what, instead));
            }
        }
    }
    violations
}
