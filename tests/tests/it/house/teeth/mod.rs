//! The rules shown sources that break them, and sources that come close and keep them.

mod architecture;
mod text;
mod unsafety;
mod workspace;

use super::RULES;
use super::tree::Tree;

/// Sources, and what a rule has to say about them.
struct Case {
    name: &'static str,
    rule: &'static str,
    /// Files that are added to a small workspace that keeps every rule, or replace files of it.
    files: &'static [(&'static str, &'static str)],
    expected: Expected,
}

enum Expected {
    /// The rule has nothing to say about these files.
    Keeps,
    /// It finds exactly this: a file and a line.
    Breaks(&'static str, usize),
}

/// A case as one line of a table: name, rule, files, and the place that breaks the rule, if any.
const fn keeps(
    name: &'static str,
    rule: &'static str,
    files: &'static [(&'static str, &'static str)],
) -> Case {
    Case { name, rule, files, expected: Expected::Keeps }
}

const fn breaks(
    name: &'static str,
    rule: &'static str,
    files: &'static [(&'static str, &'static str)],
    file: &'static str,
    line: usize,
) -> Case {
    Case { name, rule, files, expected: Expected::Breaks(file, line) }
}

/// A workspace in which nothing is wrong, as far as a case does not change it.
const CLEAN: &[(&str, &str)] = &[
    (
        "background/src/lib.rs",
        "//! x\nmod cell;\nmod handle;\nmod sync;\nmod task;\nmod thread;\nmod inline;\nmod site;\n\
         mod clock;\nmod failure;\npub use handle::Background;\n",
    ),
    ("background/src/cell/mod.rs", "use crate::sync::Mutex;\n"),
    ("background/src/clock.rs", ""),
    ("background/src/failure.rs", "use crate::sync::Mutex;\n"),
    ("background/src/handle/mod.rs", "use crate::cell::Cell;\n"),
    ("background/src/inline.rs", ""),
    ("background/src/site.rs", ""),
    ("background/src/sync.rs", "pub(crate) use std::sync::Mutex;\n"),
    ("background/src/task/mod.rs", "use crate::cell::Cell;\n"),
    ("background/src/thread/mod.rs", "use crate::task::Task;\n"),
    ("background/Cargo.toml", MANIFEST),
    ("background-macros/Cargo.toml", MANIFEST),
    (
        "Cargo.toml",
        "[workspace]\nmembers = [\"background\", \"background-macros\"]\n\
         [workspace.package]\nrust-version = \"1.85\"\n\
         [workspace.dependencies]\nbackground-macros = { version = \"=0.1.0\" }\n",
    ),
    ("README.md", "Rust 1.85\n    cargo test --workspace\n"),
    ("ARCHITECTURE.md", ""),
    (".ci/run", "#!/usr/bin/env bash\n# Runs all.\nset -euo pipefail\ncargo test --workspace\n"),
    ("LICENSE-MIT", "Permission is hereby granted, free of charge, to any\n"),
    ("LICENSE-APACHE", "Version 2.0, January 2004\n"),
];

const MANIFEST: &str = "[package]\nversion.workspace = true\nedition.workspace = true\n\
     rust-version.workspace = true\nlicense.workspace = true\n[lints]\nworkspace = true\n";

fn cases() -> impl Iterator<Item = &'static Case> {
    let tables = [architecture::CASES, unsafety::CASES, text::CASES, workspace::CASES];
    tables.into_iter().flatten()
}

#[test]
fn every_case_is_judged_as_expected() {
    let wrong: Vec<String> = cases().filter_map(|case| judge(case).err()).collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

fn judge(case: &Case) -> Result<(), String> {
    let Case { name, rule: wanted, files, expected } = case;
    let rule = RULES.iter().find(|rule| rule.name == *wanted);
    let rule = rule.ok_or(format!("{name}: there is no rule `{wanted}`"))?;
    let tree = Tree::of(CLEAN.iter().chain(*files).copied());
    let found = (rule.check)(&tree);
    // Islands of the real workspace are not all in a small one.
    let found: Vec<_> = found
        .iter()
        .filter(|it| files.iter().any(|(path, _)| *path == it.file) || tree.get(&it.file).is_none())
        .filter(|it| rule.name != "no_island_is_deserted" || tree.get(&it.file).is_some())
        .collect();
    match (expected, &found[..]) {
        (Expected::Keeps, []) => Ok(()),
        (Expected::Breaks(file, line), [one]) if one.file == *file && one.line == *line => Ok(()),
        _ => {
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            Err(format!("{name} ({wanted}): found {found:#?}"))
        }
    }
}

#[test]
fn every_rule_has_a_case_that_breaks_it() {
    let bites = |rule: &str| {
        cases().any(|case| case.rule == rule && matches!(case.expected, Expected::Breaks(..)))
    };
    let toothless: Vec<&str> =
        RULES.iter().map(|rule| rule.name).filter(|rule| !bites(rule)).collect();
    assert!(toothless.is_empty(), "no case breaks {toothless:?}");
}

#[test]
fn a_small_clean_workspace_breaks_no_rule() {
    let tree = Tree::of(CLEAN.iter().copied());
    for rule in RULES.iter().filter(|rule| rule.name != "no_island_is_deserted") {
        let found: Vec<String> = (rule.check)(&tree).iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "{}: {found:#?}", rule.name);
    }
}
