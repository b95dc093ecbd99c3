//! What the manifests promise.

use toml::{Table, Value};

use super::tree::Tree;
use super::violation::Violation;

/// The packages that users get. Each of their dependencies is one more thing to trust, to build and
/// to keep up to date, so each is accounted for.
const PUBLISHED: &[&str] = &["background", "background-macros"];

const OWN: &[&str] = &["background", "background-macros", "background-tests"];

pub(super) fn the_macros_are_pinned(tree: &Tree) -> Vec<Violation> {
    let manifest = manifest(tree, "Cargo.toml");
    let dependencies = table(&manifest, &["workspace", "dependencies"]);
    let version = dependencies.get("background-macros").and_then(|it| it.get("version"));
    let pinned = version.and_then(Value::as_str).is_some_and(|it| it.starts_with('='));
    let violation = Violation::new(
        "Cargo.toml",
        0,
        "`background-macros` is not pinned: its expansions name private things of one version",
        "depend on exactly one version: version = \"=x.y.z\"",
    );
    if pinned { Vec::new() } else { vec![violation] }
}

pub(super) fn every_package_follows_the_workspace(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for path in members(tree) {
        let manifest = manifest(tree, &path);
        for key in ["version", "edition", "rust-version", "license"] {
            if !inherits(table(&manifest, &["package"]).get(key)) {
                let what = format!("`{key}` is the package's own");
                let instead = format!("take the workspace's: {key}.workspace = true");
                violations.push(Violation::new(&path, 0, what, instead));
            }
        }
        if !inherits(manifest.get("lints")) {
            let instead = "take the workspace's: [lints] workspace = true";
            violations.push(Violation::new(&path, 0, "lints of its own, or none", instead));
        }
    }
    violations
}

fn inherits(value: Option<&Value>) -> bool {
    value.and_then(|it| it.get("workspace")).and_then(Value::as_bool) == Some(true)
}

pub(super) fn every_dependency_is_accounted_for(tree: &Tree) -> Vec<Violation> {
    let account = tree.get("ARCHITECTURE.md").map_or("", |file| &file.text);
    let mut violations = Vec::new();
    for package in PUBLISHED {
        let path = format!("{package}/Cargo.toml");
        for (name, value) in dependencies(&manifest(tree, &path)) {
            let accounted = account.lines().any(|line| {
                let mark = format!("`{name}`");
                line.contains(&mark) && line.len() > mark.len() + 20
            });
            if !accounted && !OWN.contains(&name.as_str()) {
                violations.push(Violation::new(
                    &path,
                    0,
                    format!("nobody says why `{name}` is needed"),
                    "give it a line in ARCHITECTURE.md, its name in backticks",
                ));
            }
            if value.get("git").is_some() {
                violations.push(Violation::new(
                    &path,
                    0,
                    format!("`{name}` comes from a repository"),
                    "depend on a published version",
                ));
            }
        }
    }
    violations
}

pub(super) fn every_feature_is_explained(tree: &Tree) -> Vec<Violation> {
    let readme = tree.get("README.md").map_or("", |file| &file.text);
    let mut violations = Vec::new();
    for package in PUBLISHED {
        let path = format!("{package}/Cargo.toml");
        let text = tree.get(&path).map_or("", |file| &file.text);
        let lines: Vec<&str> = text.lines().collect();
        for feature in table(&manifest(tree, &path), &["features"]).keys() {
            if feature == "default" {
                continue;
            }
            let at = lines.iter().position(|line| line.starts_with(&format!("{feature} =")));
            let documented =
                at.is_some_and(|at| at > 0 && lines[at - 1].trim_start().starts_with("## "));
            if !documented || !readme.contains(&format!("`{feature}`")) {
                violations.push(Violation::new(
                    &path,
                    at.map_or(0, |at| at + 1),
                    format!("the feature `{feature}` is not explained"),
                    "say what it adds: in a `##` comment above it, and in the README",
                ));
            }
        }
    }
    violations
}

/// The manifests of the workspace's members.
fn members(tree: &Tree) -> Vec<String> {
    let manifest = manifest(tree, "Cargo.toml");
    let workspace = table(&manifest, &["workspace"]);
    let members = workspace.get("members").and_then(Value::as_array);
    let names = members.into_iter().flatten().filter_map(Value::as_str);
    names.map(|name| format!("{name}/Cargo.toml")).collect()
}

/// All dependencies of a package, of every kind and for every target.
fn dependencies(manifest: &Table) -> Vec<(String, Value)> {
    let targets = table(manifest, &["target"]);
    let targets = targets.values().filter_map(Value::as_table);
    let mut all = Vec::new();
    for holder in targets.chain([manifest]) {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            all.extend(table(holder, &[kind]));
        }
    }
    all
}

fn manifest(tree: &Tree, path: &str) -> Table {
    let text = tree.get(path).map_or("", |file| &file.text);
    text.parse().unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn table(of: &Table, path: &[&str]) -> Table {
    let mut here = of.clone();
    for key in path {
        here = here.get(*key).and_then(Value::as_table).cloned().unwrap_or_default();
    }
    here
}
