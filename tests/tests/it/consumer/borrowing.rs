//! Programs that would use what they borrow too late, refused by the compiler.
//!
//! Only the error's number is looked at, so that any compiler will do.

use super::world::World;

/// A program by its name, the body of its `main`, and the error that refuses it.
pub(super) struct Refused {
    pub(super) name: &'static str,
    body: &'static str,
    error: &'static str,
}

pub(super) const REFUSED: &[Refused] = &[
    Refused {
        name: "borrows_from_inside_the_scope",
        body: "scope(|s| { let inside = String::new(); let r = &inside; drop(s.spawn(move || r.len())); });",
        error: "E0597",
    },
    Refused {
        name: "captures_from_inside_the_scope",
        body: "scope(|s| { let inside = String::new(); drop(s.spawn(|| inside.len())); });",
        error: "E0373",
    },
    Refused {
        name: "value_outlives_what_it_borrows",
        body: "let f = { let text = String::new(); scope(|s| s.spawn(|| text.as_str())) }; drop(f);",
        error: "E0597",
    },
    Refused {
        name: "changes_what_a_task_reads",
        body: "let mut n = 0; scope(|s| { let f = s.spawn(|| n); n += 1; drop(f); });",
        error: "E0506",
    },
    Refused {
        name: "two_tasks_change_one_thing",
        body: "let mut n = 0; scope(|s| { drop(s.spawn(|| n += 1)); drop(s.spawn(|| n += 1)); });",
        error: "E0499",
    },
    Refused {
        name: "scope_escapes",
        body: "let mut kept = None; scope(|s| kept = Some(s)); drop(kept);",
        error: "E0521",
    },
    Refused {
        name: "scope_is_used_in_another_task_that_outlives_it",
        body: "scope(|s| drop(spawn(move || drop(s.spawn(|| 1)))));",
        error: "E0521",
    },
    Refused {
        name: "captures_what_cannot_be_shared",
        body: "let n = Rc::new(1); scope(|s| drop(s.spawn(|| *n)));",
        error: "E0277",
    },
    Refused {
        name: "returns_what_cannot_be_sent",
        body: "scope(|s| drop(s.spawn(|| Rc::new(1))));",
        error: "E0277",
    },
    Refused {
        name: "borrows_without_a_scope",
        body: "let text = String::new(); drop(spawn(|| text.len()));",
        error: "E0373",
    },
    Refused {
        name: "sends_without_a_scope_what_cannot_be_sent",
        body: "let n = Rc::new(1); drop(spawn(move || *n));",
        error: "E0277",
    },
    Refused {
        name: "callback_borrows",
        body: "let n = 1; let r = &n; let f = spawn(|| 1); Background::on_ready(&f, move |_| drop(*r));",
        error: "E0597",
    },
    Refused {
        name: "reference_outlives_the_future",
        body: "let r = { let f = spawn(|| 1); Background::get(&f) }; println!(\"{r}\");",
        error: "E0597",
    },
    Refused {
        name: "reference_outlives_a_join",
        body: "let f = spawn(String::new); let r: &String = &f; drop(Background::join(f)); println!(\"{r}\");",
        error: "E0505",
    },
    Refused {
        name: "shares_what_may_only_be_sent",
        body: "let f = Arc::new(spawn(|| Cell::new(1))); drop(std::thread::spawn(move || f.get()));",
        error: "E0277",
    },
];

impl Refused {
    pub(super) fn program(&self) -> String {
        format!(
            "//! Refused.\n#![allow(unused)]\nuse std::cell::Cell;\nuse std::rc::Rc;\nuse std::sync::Arc;\n\
             use background::{{Background, scope, spawn}};\nfn main() {{\n    {}\n}}\n",
            self.body
        )
    }
}

#[test]
fn each_is_refused_for_its_own_reason() {
    for Refused { name, error, .. } in REFUSED {
        let finished = World::get().check("borrowing", name).finish();
        assert_eq!(finished.code(), Some(101), "{name}: {finished:?}");
        let errors: Vec<&str> =
            finished.stderr.lines().filter(|line| line.contains(": error[")).collect();
        let [only] = errors[..] else { panic!("{name}: one error is expected: {finished:?}") };
        assert!(only.contains(&format!("error[{error}]")), "{name}: {finished:?}");
    }
}
