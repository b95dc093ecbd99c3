//! Words that do not belong into code.

use super::facts::What;
use super::tree::Tree;
use super::violation::Violation;

/// Names under which anything may hide.
const DUMPS: &[&str] = &["utils", "util", "helpers", "helper", "misc", "common", "stuff"];

/// Macros that mark what is not finished.
const UNFINISHED: &[&str] = &["todo", "unimplemented", "dbg"];

/// Tests that look again and again, and how they come to it. Everything else waits for what it
/// wants to see: a gate, a channel, a barrier, a touch. What the body of a background function
/// does is its own: it is the slow work.
const SLEEPERS: &[(&str, &str)] =
    &[("tests/src/run.rs", "std cannot wait for a process with a limit")];

pub(super) fn no_module_is_a_dump(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.rust().filter(|file| !file.is_specimen()) {
        let stem = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        let folders = file.path.split('/').rev().skip(1);
        if let Some(name) = folders.chain([stem]).find(|name| DUMPS.contains(name)) {
            violations.push(dump(&file.path, 0, name));
        }
        for fact in &file.facts {
            if let What::Module { name, inline: true, .. } = &fact.what
                && DUMPS.contains(&name.as_str())
            {
                violations.push(dump(&file.path, fact.line, name));
            }
        }
    }
    violations
}

fn dump(file: &str, line: usize, name: &str) -> Violation {
    Violation::new(
        file,
        line,
        format!("a module called `{name}` is a place for anything"),
        "name it for the one thing it is about",
    )
}

pub(super) fn nothing_is_unfinished(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.rust() {
        for fact in &file.facts {
            if let What::Call(name) = &fact.what
                && UNFINISHED.contains(&name.as_str())
            {
                violations.push(Violation::new(
                    &file.path,
                    fact.line,
                    format!("`{name}!` marks what is not finished"),
                    "finish it, or leave it out",
                ));
            }
        }
    }
    violations
}

pub(super) fn no_test_is_switched_off(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.rust() {
        for fact in &file.facts {
            if matches!(&fact.what, What::Attribute(name) if name == "ignore") {
                violations.push(Violation::new(
                    &file.path,
                    fact.line,
                    "a test that does not run",
                    "mend it or delete it; a long run is a script under ci/",
                ));
            }
        }
    }
    violations
}

pub(super) fn no_test_waits_by_sleeping(tree: &Tree) -> Vec<Violation> {
    let of_tests = |path: &str| {
        ["tests/", "ui-tests/", "background/tests/"].iter().any(|folder| path.starts_with(folder))
    };
    let mut violations = Vec::new();
    for file in tree.rust() {
        if SLEEPERS.iter().any(|(path, _)| *path == file.path) {
            continue;
        }
        for fact in &file.facts {
            let in_test = of_tests(&file.path) || fact.context.tests;
            if !in_test || fact.context.slow_body {
                continue;
            }
            let (What::Path(path) | What::Import { path, .. }) = &fact.what else {
                continue;
            };
            let tail: Vec<&str> = path.iter().rev().take(2).rev().map(String::as_str).collect();
            if matches!(tail[..], ["thread" | "time", "sleep"] | ["thread", "sleep_ms"]) {
                violations.push(Violation::new(
                    &file.path,
                    fact.line,
                    "a test that waits by sleeping is slow when it is quick and wrong when it is not",
                    "wait for what you want to see: a gate, a channel, a barrier, a touch",
                ));
            }
        }
    }
    violations
}

pub(super) fn every_file_is_rust(tree: &Tree) -> Vec<Violation> {
    // What the attribute refuses may be no Rust at all.
    let files = tree.rust().filter(|file| !file.is_specimen());
    files
        .filter_map(|file| {
            let error = file.broken.as_ref()?;
            Some(Violation::new(
                &file.path,
                0,
                format!("the rules cannot read this file: {error}"),
                "write what the parser `syn` understands",
            ))
        })
        .collect()
}
