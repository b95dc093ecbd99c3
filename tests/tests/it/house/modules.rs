//! The modules of the runtime crate, found the way the compiler finds them.

use super::facts::What;
use super::tree::{File, Tree};
use super::violation::Violation;

/// The folder whose layers are guarded.
pub(super) const SOURCES: &str = "background/src/";

/// A file and the module it is.
pub(super) struct Module<'a> {
    pub(super) file: &'a File,
    /// Its path from the crate root, which itself is empty.
    pub(super) path: Vec<String>,
    /// It is only compiled for tests.
    pub(super) tests: bool,
}

impl Module<'_> {
    /// The name by which the floors know this module: the first of its path.
    pub(super) fn unit(&self) -> &str {
        self.path.first().map_or(ROOT, String::as_str)
    }
}

/// What the floors call the crate root.
pub(super) const ROOT: &str = "lib";

/// Follows the module declarations from the crate root.
pub(super) fn of(tree: &Tree) -> Vec<Module<'_>> {
    let mut found = Vec::new();
    if let Some(file) = tree.get(&format!("{SOURCES}lib.rs")) {
        follow(tree, Module { file, path: Vec::new(), tests: false }, &mut found);
    }
    found
}

fn follow<'a>(tree: &'a Tree, module: Module<'a>, found: &mut Vec<Module<'a>>) {
    for fact in &module.file.facts {
        let What::Module { name, inline: false, .. } = &fact.what else {
            continue;
        };
        let mut path = module.path.clone();
        path.extend(fact.context.modules.iter().cloned());
        path.push(name.trim_start_matches("r#").to_owned());
        let tests = module.tests || fact.context.tests;
        let joined = path.join("/");
        let candidates = [format!("{SOURCES}{joined}.rs"), format!("{SOURCES}{joined}/mod.rs")];
        if let Some(file) = candidates.iter().find_map(|candidate| tree.get(candidate)) {
            follow(tree, Module { file, path, tests }, found);
        }
    }
    found.push(module);
}

/// A file that no module declares is compiled by nobody and checked by nobody.
pub(super) fn every_file_is_a_module(tree: &Tree) -> Vec<Violation> {
    let modules = of(tree);
    let mut violations = Vec::new();
    for file in tree.rust().filter(|file| file.path.starts_with(SOURCES)) {
        if !modules.iter().any(|module| module.file.path == file.path) {
            violations.push(Violation::new(
                &file.path,
                0,
                "no module declares this file, so it is not compiled",
                "declare it with `mod` in its parent, or delete it",
            ));
        }
        for fact in &file.facts {
            if let What::Module { name, detour: true, .. } = &fact.what {
                violations.push(Violation::new(
                    &file.path,
                    fact.line,
                    format!("`{name}` takes its file from elsewhere with `#[path]`"),
                    "put the file where the module's name says",
                ));
            }
        }
    }
    violations
}
