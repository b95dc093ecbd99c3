//! `unsafe` lives on few named islands, with a reason at every place.

use super::facts::{Fact, Unsafe, What};
use super::modules;
use super::tree::{File, Tree};
use super::violation::Violation;

/// The only files that may say `unsafe`, each with its reason.
const ISLANDS: &[(&str, &str)] = &[
    ("background/src/call/builder.rs", "it makes a job and hands its two views to their owners"),
    ("background/src/call/scope.rs", "borrows outlive a scope that waits for all who use them"),
    ("background/src/call/travel.rs", "a function that captures nothing is made from its type"),
    ("background/src/cell/outcome.rs", "slot and record have one owner at a time"),
    ("background/src/flow/model.rs", "loom's models pass a value through a ring"),
    ("background/src/handle/background.rs", "a handle knows the types behind its thin pointer"),
    ("background/src/handle/continuation.rs", "callbacks see the outcome before it is published"),
    (
        "background/src/handle/control.rs",
        "cancelling, detaching and dropping end the handle's part",
    ),
    ("background/src/handle/model.rs", "loom's models play both sides of the cell"),
    ("background/src/handle/model/deadlock.rs", "and all sides of tasks that wait for each other"),
    ("background/src/handle/touch.rs", "a touch reads what the state says is there"),
    (
        "background/src/parcel/entry.rs",
        "a constant is found again in another process of the program",
    ),
    ("background/src/parcel/image.rs", "only the loader knows where the parts of the program lie"),
    ("background/src/private/sent.rs", "a value carries the proof that its type may be sent"),
    ("background/src/process/channel/mapping.rs", "memory that two processes share"),
    ("background/src/process/channel/ring.rs", "each ring has one end of a kind in a process"),
    ("background/src/process/child/boot.rs", "a constructor turns the program into a worker"),
    ("background/src/process/child/fault.rs", "a handler of signals says what a worker dies of"),
    (
        "background/src/process/child/initialisers.rs",
        "the constructors behind ours are called by hand",
    ),
    ("background/src/process/cpu_clock.rs", "only the system knows the clock of another process"),
    ("background/src/task/current.rs", "a thread knows the job it runs by its address"),
    ("background/src/task/frame.rs", "a thread's frames know the jobs it runs by their addresses"),
    ("background/src/task/frames.rs", "names are read beside the thread that writes them"),
    ("background/src/task/header.rs", "what is known of a job without its types"),
    ("background/src/task/job.rs", "header, outcome and body in one allocation"),
    ("background/src/task/job_ref.rs", "counted references to a job of unknown types"),
    ("background/src/task/steps.rs", "a step makes its job the thread's current one"),
    ("background/src/task/stack.rs", "only the system knows where a stack ends"),
    ("background/src/task/wait_graph/mod.rs", "jobs and frames of threads that sleep stay put"),
    ("background/src/thread/load.rs", "only the system knows what a thread does"),
    ("background/examples/crash/crash.rs", "it calls broken C code on purpose"),
    (
        "benches/peers/processes/linux/shared.rs",
        "memory that two processes share is what the others are measured against",
    ),
    ("tests/src/faults.rs", "the real faults of broken code, for bodies that are to have them"),
    ("tests/boot/native/src/lib.rs", "what is made before `main` is made in C"),
    ("tests/tests/allocations.rs", "an allocator that counts is an unsafe trait"),
];

pub(super) fn unsafe_stays_on_its_islands(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.rust().filter(|file| !is_island(&file.path) && !file.is_specimen()) {
        for fact in &file.facts {
            let what = match &fact.what {
                What::Unsafe(_) => "`unsafe` off the islands",
                What::LiftsUnsafeLint => "the lint against `unsafe` is lifted off the islands",
                _ => continue,
            };
            violations.push(Violation::new(
                &file.path,
                fact.line,
                what,
                "use a safe interface of an island, or found a new island with its reason in \
                 ISLANDS in tests/tests/it/house/islands.rs",
            ));
        }
    }
    violations
}

pub(super) fn no_island_is_deserted(tree: &Tree) -> Vec<Violation> {
    let lives = |path: &str| {
        tree.get(path)
            .is_some_and(|file| file.facts.iter().any(|it| matches!(it.what, What::Unsafe(_))))
    };
    let deserted = ISLANDS.iter().filter(|(path, _)| !lives(path));
    deserted
        .map(|(path, _)| {
            Violation::new(
                path,
                0,
                "an island without `unsafe`",
                "take it off ISLANDS in tests/tests/it/house/islands.rs",
            )
        })
        .collect()
}

/// A block and an implementation say why they are sound; a function and a trait say what they ask.
pub(super) fn every_unsafe_has_its_reason(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.rust().filter(|file| is_island(&file.path)) {
        for fact in &file.facts {
            let (what, instead) = match fact.what {
                What::Unsafe(Unsafe::Block | Unsafe::Impl) => {
                    ("`unsafe` without its reason", "say above it `// SAFETY:` why it is sound")
                }
                What::Unsafe(Unsafe::Contract { documented: false }) => (
                    "a contract that nobody can read",
                    "say under `# Safety` in its docs what the caller has to see to",
                ),
                _ => continue,
            };
            if !has_reason(file, fact, "SAFETY:") {
                violations.push(Violation::new(&file.path, fact.line, what, instead));
            }
        }
    }
    violations
}

/// An atomic operation's ordering says what it pairs with.
pub(super) fn every_ordering_has_its_reason(tree: &Tree) -> Vec<Violation> {
    const ORDERINGS: &[&str] = &["Relaxed", "Acquire", "Release", "AcqRel", "SeqCst"];
    let mut violations = Vec::new();
    for module in modules::of(tree).iter().filter(|module| !module.tests) {
        let file = module.file;
        for fact in file.facts.iter().filter(|fact| !fact.context.tests) {
            let What::Path(path) = &fact.what else { continue };
            let ordering = path.last().filter(|name| ORDERINGS.contains(&name.as_str()));
            let ordering = ordering.filter(|name| match &path[..] {
                [_] => imports_ordering(file, name),
                [.., owner, _] => owner == "Ordering",
                [] => false,
            });
            if let Some(ordering) = ordering
                && !has_reason(file, fact, "ORDERING:")
            {
                violations.push(Violation::new(
                    &file.path,
                    fact.line,
                    format!("`{ordering}` without its reason"),
                    "say above the statement `// ORDERING:` what it pairs with, or why it needs \
                     no partner",
                ));
            }
        }
    }
    violations
}

/// The file knows this ordering by its bare name.
fn imports_ordering(file: &File, bare: &str) -> bool {
    file.facts.iter().any(|fact| {
        matches!(&fact.what, What::Import { path, name }
            if (name == "*" && path.ends_with(&["Ordering".into()]))
                || (name == bare && path.iter().rev().nth(1).is_some_and(|it| it == "Ordering")))
    })
}

/// A comment with this word stands above the fact, above its statement, or inside of the statement
/// before the fact.
fn has_reason(file: &File, fact: &Fact, word: &str) -> bool {
    let says = |line: usize| {
        let comment = file.line(line).trim_start().strip_prefix("//");
        comment
            .and_then(|text| text.split_once(word))
            .is_some_and(|(_, why)| !why.trim().is_empty())
    };
    let above = |line: usize| {
        let block = (1..line).rev().take_while(|line| {
            let text = file.line(*line).trim_start();
            text.starts_with("//") || text.starts_with("#[")
        });
        block.into_iter().any(says)
    };
    let statement = fact.context.statement.clamp(1, fact.line);
    above(fact.line) || above(statement) || (statement..fact.line).any(says)
}

fn is_island(path: &str) -> bool {
    ISLANDS.iter().any(|(island, _)| *island == path)
}
