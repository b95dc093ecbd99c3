//! The floors of the house: imports go down only.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Fact, What};
use super::modules::{self, Module, ROOT};
use super::tree::Tree;
use super::violation::Violation;

/// Every module of the crate root, floor by floor, from the ground up. A module may import from the
/// floors below and from its neighbours, but not in a circle.
const FLOORS: &[&[&str]] = &[
    // 0: words, bytes, and the one door to std and loom.
    &["sync", "clock", "codec", "failure", "flow", "sentinel", "site", "timeout"],
    // 1: where both sides meet; a call in a form that travels.
    &["cell", "parcel"],
    // 2: what was asked: the job, the current task, who waits for whom.
    &["task"],
    // 3: the two views of a job, and streams of items beside one.
    &["handle", "strategy", "stream"],
    // 4: where bodies run; one folder each.
    STRATEGIES,
    // 5: what users call. The cooperative worker starts routines by itself, as the front desk does.
    &["call", "combine", "cooperative"],
    // 6: what the attribute may name.
    &["private"],
    // 7: the facade, and the suite whose expansion names what the attribute may name.
    &[ROOT, "guide", "conformance"],
];

/// One module per strategy.
const STRATEGIES: &[&str] = &["thread", "dedicated", "inline", "lazy", "process", "queue"];

/// Modules that must not know each other, in either direction, whatever their floors.
fn are_strangers(one: &str, other: &str) -> Option<&'static str> {
    let is_strategy = |unit: &str| unit == "strategy" || STRATEGIES.contains(&unit);
    if STRATEGIES.contains(&one) && STRATEGIES.contains(&other) && one != other {
        Some("no strategy imports another: what both need belongs on a floor below")
    } else if (one == "handle" && is_strategy(other)) || (other == "handle" && is_strategy(one)) {
        Some("handles and strategies meet in the cell and never see each other")
    } else {
        None
    }
}

fn floor_of(unit: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&unit))
}

pub(super) fn every_module_has_a_floor(tree: &Tree) -> Vec<Violation> {
    let modules = modules::of(tree);
    let homeless = modules.iter().filter(|module| {
        module.path.len() <= 1 && !module.tests && floor_of(module.unit()).is_none()
    });
    homeless
        .map(|module| {
            Violation::new(
                &module.file.path,
                0,
                format!("the module `{}` is on no floor", module.unit()),
                "give it a floor: enter it in FLOORS in tests/tests/it/house/floors.rs",
            )
        })
        .collect()
}

pub(super) fn imports_go_down_only(tree: &Tree) -> Vec<Violation> {
    let upwards = |import: &Import| {
        let (from, to) = (floor_of(&import.from)?, floor_of(&import.to)?);
        (to > from && are_strangers(&import.from, &import.to).is_none()).then(|| {
            import.violation(
                format!(
                    "`{}` (floor {from}) names `{}` of `{}` (floor {to}): imports go down only",
                    import.from, import.path, import.to
                ),
                format!(
                    "move what is needed down to floor {from} or below, or hand it in from above"
                ),
            )
        })
    };
    imports(tree).0.iter().filter_map(upwards).collect()
}

pub(super) fn strangers_stay_strangers(tree: &Tree) -> Vec<Violation> {
    let meeting = |import: &Import| {
        let why = are_strangers(&import.from, &import.to)?;
        let what = format!("`{}` names `{}` of `{}`", import.from, import.path, import.to);
        Some(import.violation(what, why))
    };
    imports(tree).0.iter().filter_map(meeting).collect()
}

pub(super) fn neighbours_form_no_circle(tree: &Tree) -> Vec<Violation> {
    let (imports, _) = imports(tree);
    let mut neighbours: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for import in &imports {
        if floor_of(&import.from).is_some() && floor_of(&import.from) == floor_of(&import.to) {
            neighbours.entry(&import.from).or_default().insert(&import.to);
        }
    }
    let reaches = |from: &str, to: &str| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
        while let Some(unit) = next.pop() {
            if unit == to {
                return true;
            }
            if seen.insert(unit) {
                next.extend(neighbours.get(unit).into_iter().flatten());
            }
        }
        false
    };
    let circular = imports.iter().filter(|import| {
        floor_of(&import.from).is_some()
            && floor_of(&import.from) == floor_of(&import.to)
            && reaches(&import.to, &import.from)
    });
    circular
        .map(|import| {
            import.violation(
                format!(
                    "`{}` names `{}` of its neighbour `{}`, which needs `{}` in turn",
                    import.from, import.path, import.to, import.from
                ),
                "move what both need into a third module, or join the two",
            )
        })
        .collect()
}

pub(super) fn every_name_has_a_home(tree: &Tree) -> Vec<Violation> {
    imports(tree).1
}

/// One module of the crate root names something of another.
struct Import {
    file: String,
    line: usize,
    from: String,
    to: String,
    path: String,
}

impl Import {
    fn violation(&self, what: impl Into<String>, instead: impl Into<String>) -> Violation {
        Violation::new(&self.file, self.line, what, instead)
    }
}

/// All imports, and the names whose home could not be found. Tests of a module may use whatever
/// they like, so they are left out.
fn imports(tree: &Tree) -> (Vec<Import>, Vec<Violation>) {
    let modules = modules::of(tree);
    let homes = Homes::of(&modules);
    let (mut imports, mut homeless) = (Vec::new(), Vec::new());
    for module in modules.iter().filter(|module| !module.tests) {
        let file = &module.file.path;
        for fact in module.file.facts.iter().filter(|fact| !fact.context.tests) {
            let Some(path) = from_root(module, fact) else {
                continue;
            };
            let found = homes.unit_of(&path);
            let path = path.join("::");
            match found {
                Some(to) if to == module.unit() => {}
                Some(to) => {
                    let (file, from) = (file.clone(), module.unit().to_owned());
                    imports.push(Import { file, line: fact.line, from, to, path });
                }
                None => homeless.push(Violation::new(
                    file,
                    fact.line,
                    format!("nothing says which module `crate::{path}` comes from"),
                    "name it by the module that defines it",
                )),
            }
        }
    }
    (imports, homeless)
}

/// The path that a fact names, from the crate root; `None` when it names no other module.
fn from_root(module: &Module<'_>, fact: &Fact) -> Option<Vec<String>> {
    let (path, glob) = match &fact.what {
        What::Path(path) => (path, false),
        What::Import { path, name } => (path, name == "*"),
        _ => return None,
    };
    let mut here = module.path.clone();
    here.extend(fact.context.modules.iter().cloned());
    let mut segments = path.iter().map(String::as_str).peekable();
    match *segments.peek()? {
        "crate" => {
            segments.next();
            here.clear();
        }
        // What a macro of this crate names by the crate's own name.
        "" if path.get(1).is_some_and(|name| name == "background") => {
            segments.by_ref().nth(1);
            here.clear();
        }
        "self" => {
            segments.next();
        }
        "super" => {
            while segments.next_if_eq(&"super").is_some() {
                here.pop();
            }
        }
        // In the crate root, children are named without a prefix; elsewhere they are of the same
        // unit, or the name was imported, and then the import is looked at.
        _ => return None,
    }
    here.extend(segments.map(str::to_owned));
    let whole_crate = here.is_empty() && (glob || matches!(fact.what, What::Import { .. }));
    if whole_crate {
        here.push("*".to_owned());
    }
    (!here.is_empty()).then_some(here)
}

/// Where the names of the crate root come from.
struct Homes {
    units: BTreeSet<String>,
    /// Re-exports of the crate root and of the modules written in it: the path by which something
    /// is known, and the path it has.
    exports: BTreeMap<Vec<String>, Vec<String>>,
    macros: BTreeMap<String, String>,
}

impl Homes {
    fn of(modules: &[Module<'_>]) -> Self {
        let units: BTreeSet<String> =
            modules.iter().filter(|it| it.path.len() == 1).map(|it| it.unit().to_owned()).collect();
        let (mut exports, mut macros) = (BTreeMap::new(), BTreeMap::new());
        for module in modules {
            for fact in &module.file.facts {
                match &fact.what {
                    What::Import { path, name } if module.path.is_empty() => {
                        let mut known = fact.context.modules.clone();
                        known.push(name.clone());
                        let from =
                            path.iter().skip_while(|it| ["crate", "self"].contains(&it.as_str()));
                        exports.insert(known, from.cloned().collect());
                    }
                    What::MacroRules { name, exported: true } => {
                        macros.insert(name.clone(), module.unit().to_owned());
                    }
                    _ => {}
                }
            }
        }
        Self { units, exports, macros }
    }

    /// The module of the crate root that a path leads to; for what comes from another crate, the
    /// root itself.
    fn unit_of(&self, path: &[String]) -> Option<String> {
        let first = path.first()?;
        if self.units.contains(first) {
            return Some(first.clone());
        }
        // The longest re-export that the path begins with.
        let export = (1..=path.len()).rev().find_map(|end| self.exports.get(&path[..end]));
        if let Some(real) = export {
            let from = real.first()?;
            let known = if self.units.contains(from) { from } else { ROOT };
            return Some(known.to_owned());
        }
        if let Some(unit) = self.macros.get(first) {
            return Some(unit.clone());
        }
        let inline = self.exports.keys().any(|known| known.len() > 1 && &known[0] == first);
        inline.then(|| ROOT.to_owned())
    }
}
