//! What the README promises and the CI script keeps.

use toml::{Table, Value};

use super::tree::Tree;
use super::violation::Violation;

const README: &str = "README.md";
const CI: &str = ".ci/run";

pub(super) fn the_readme_lists_every_example(tree: &Tree) -> Vec<Violation> {
    let readme = text(tree, README);
    let examples = tree.rust().filter_map(|file| {
        let rest = file.path.strip_prefix("background/examples/")?;
        match rest.split_once('/') {
            None => rest.strip_suffix(".rs"),
            Some((folder, "main.rs")) => Some(folder),
            Some(_) => None,
        }
    });
    examples
        .filter(|example| {
            !readme.contains(&format!("`{example}`"))
                && !readme.contains(&format!("--example {example}"))
        })
        .map(|example| {
            Violation::new(
                README,
                0,
                format!("the example `{example}` is not listed"),
                "list it by its name, in backticks or as `--example NAME`",
            )
        })
        .collect()
}

pub(super) fn the_readme_names_the_oldest_compiler(tree: &Tree) -> Vec<Violation> {
    let manifest: Table = text(tree, "Cargo.toml").parse().unwrap_or_default();
    let version = manifest
        .get("workspace")
        .and_then(|it| it.get("package"))
        .and_then(|it| it.get("rust-version"))
        .and_then(Value::as_str);
    let violation = |what: String| {
        vec![Violation::new(README, 0, what, "state the workspace's rust-version in the README")]
    };
    match version {
        None => violation("the workspace states no rust-version".into()),
        Some(version) if !text(tree, README).contains(version) => {
            violation(format!("the oldest compiler, {version}, is not named"))
        }
        Some(_) => Vec::new(),
    }
}

/// Whoever reads the README and whoever reads the CI log run the same command.
pub(super) fn the_ci_runs_what_the_readme_says(tree: &Tree) -> Vec<Violation> {
    let (readme, ci) = (text(tree, README), text(tree, CI));
    let commands: Vec<&str> =
        readme.lines().map(str::trim).filter(|line| line.starts_with("cargo test")).collect();
    let mut violations = Vec::new();
    if commands.is_empty() {
        violations.push(Violation::new(
            README,
            0,
            "no command runs the tests",
            "give the command on a line of its own, beginning with `cargo test`",
        ));
    }
    for command in commands {
        let command = command.split(" #").next().unwrap_or_default().trim();
        if !ci.contains(command) {
            violations.push(Violation::new(
                CI,
                0,
                format!("the README's `{command}` is not run"),
                "run exactly this command",
            ));
        }
    }
    violations
}

/// A script stops at the first error and says at its head what it is for.
pub(super) fn every_script_is_strict(tree: &Tree) -> Vec<Violation> {
    let scripts = tree.files().filter(|file| {
        (file.path == CI || file.path.starts_with("ci/")) && file.text.starts_with("#!")
    });
    let mut violations = Vec::new();
    for script in scripts {
        if !script.text.lines().any(|line| line == "set -euo pipefail") {
            violations.push(Violation::new(
                &script.path,
                1,
                "a script that goes on after an error",
                "say `set -euo pipefail` on a line of its own",
            ));
        }
        if !script.line(2).starts_with("# ") {
            violations.push(Violation::new(
                &script.path,
                2,
                "a script that does not say what it is for",
                "say it in a comment on the second line, its settings too",
            ));
        }
    }
    violations
}

pub(super) fn the_licences_are_there(tree: &Tree) -> Vec<Violation> {
    let texts = [
        ("LICENSE-MIT", "Permission is hereby granted, free of charge, to any"),
        ("LICENSE-APACHE", "Version 2.0, January 2004"),
    ];
    let missing = texts.iter().filter(|(path, phrase)| !text(tree, path).contains(phrase));
    missing
        .map(|(path, _)| {
            let instead = "the packages are offered under both licences: add the standard text";
            Violation::new(path, 0, "the licence's text is not there", instead)
        })
        .collect()
}

fn text<'a>(tree: &'a Tree, path: &str) -> &'a str {
    tree.get(path).map_or("", |file| &file.text)
}
