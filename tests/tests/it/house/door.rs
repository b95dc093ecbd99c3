//! One door to locks, atomics and threads, so that loom sees all of them.

use super::facts::What;
use super::modules;
use super::tree::Tree;
use super::violation::Violation;

/// The module that is the door.
const DOOR: &str = "sync";

/// Modules that loom's models run: what they lock and share has to come through the door.
const MODELLED: &[&str] = &["clock", "failure", "sentinel", "site", "timeout", "cell", "task"];

/// What of `std::sync` and `std::thread` neither waits nor orders anything.
const HARMLESS: &[&str] = &["Arc", "Weak", "PoisonError", "panicking", "available_parallelism"];

pub(super) fn locks_and_atomics_come_through_the_door(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for module in modules::of(tree) {
        if module.tests || !MODELLED.contains(&module.unit()) {
            continue;
        }
        let through_door = module.file.facts.iter().any(|fact| {
            matches!(&fact.what, What::Import { path, name } if name == "thread_local"
                && path.starts_with(&["crate".into(), DOOR.into()]))
        });
        for fact in &module.file.facts {
            if fact.context.tests {
                continue;
            }
            let (What::Path(named) | What::Import { path: named, .. }) = &fact.what else {
                continue;
            };
            if named[..] == ["thread_local"] && !through_door && !fact.context.without_loom {
                violations.push(Violation::new(
                    &module.file.path,
                    fact.line,
                    "this `thread_local!` is std's, and loom does not see it",
                    "use crate::sync::thread_local, or say `cfg(not(background_loom))`",
                ));
            }
            if passes_by(named) {
                violations.push(Violation::new(
                    &module.file.path,
                    fact.line,
                    format!("`{}` goes past the door: loom does not see it", named.join("::")),
                    "take it from `crate::sync`, or from `crate::sync::global` if it is static",
                ));
            }
        }
    }
    violations
}

/// Parking consumes the thread's one token, which belongs to the user.
pub(super) fn nobody_parks_the_users_thread(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for module in modules::of(tree) {
        for fact in &module.file.facts {
            let (What::Path(path) | What::Import { path, .. }) = &fact.what else {
                continue;
            };
            let tail: Vec<&str> = path.iter().rev().take(2).rev().map(String::as_str).collect();
            let parks = matches!(tail[..], ["thread", "park" | "park_timeout"]);
            if parks && module.unit() != DOOR {
                violations.push(Violation::new(
                    &module.file.path,
                    fact.line,
                    "`std::thread::park` swallows a wake-up that the user may be waiting for",
                    "sleep in a bed of our own: crate::cell::parker::Parker",
                ));
            }
        }
    }
    violations
}

fn passes_by(path: &[String]) -> bool {
    let path: Vec<&str> = path.iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
    match path[..] {
        ["std" | "core" | "alloc", "sync", ..] => {
            path.get(2).is_none_or(|name| !HARMLESS.contains(name))
        }
        ["std", "thread", ..] => path.get(2).is_none_or(|name| !HARMLESS.contains(name)),
        ["std" | "core", "cell", "UnsafeCell", ..] | ["std", "thread_local", ..] => true,
        _ => false,
    }
}
