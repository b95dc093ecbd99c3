//! Floors, strangers, modules, and the door to std.

use super::{Case, breaks, keeps};

const CELL: &str = "background/src/cell/mod.rs";
const TASK: &str = "background/src/task/mod.rs";
const THREAD: &str = "background/src/thread/mod.rs";
const HANDLE: &str = "background/src/handle/mod.rs";
const SITE: &str = "background/src/site.rs";
const LIB: &str = "background/src/lib.rs";

const DOWN: &str = "imports_go_down_only";
const HOME: &str = "every_name_has_a_home";
const STRANGERS: &str = "strangers_stay_strangers";
const DOOR: &str = "locks_and_atomics_come_through_the_door";
const FILES: &str = "every_file_is_a_module";

pub(super) const CASES: &[Case] = &[
    // Imports go down only.
    keeps("down", DOWN, &[(TASK, "use crate::cell::Cell;\nuse crate::site::{self, Site};\n")]),
    breaks("up", DOWN, &[(CELL, "\nuse crate::task::Task;\n")], CELL, 2),
    breaks(
        "up in a branch",
        DOWN,
        &[(CELL, "use crate::{site::Site,\n  task::{Task}};\n")],
        CELL,
        2,
    ),
    breaks("up by another name", DOWN, &[(CELL, "use crate::task as other;\n")], CELL, 1),
    breaks("up by a glob", DOWN, &[(CELL, "use crate::task::*;\n")], CELL, 1),
    breaks("up by super", DOWN, &[(CELL, "use super::task::Task;\n")], CELL, 1),
    breaks(
        "up from a nested module",
        DOWN,
        &[(CELL, "mod a { use super::super::task::Task; }\n")],
        CELL,
        1,
    ),
    keeps("super is the own module", DOWN, &[(CELL, "mod a { use super::task::Task; }\n")]),
    breaks("up in code", DOWN, &[(CELL, "fn f() {\n    crate::task::run();\n}\n")], CELL, 2),
    breaks("up in a type", DOWN, &[(CELL, "struct A(crate::task::Task);\n")], CELL, 1),
    breaks("up in a bound", DOWN, &[(CELL, "fn f<T: crate::task::Any>() {}\n")], CELL, 1),
    breaks(
        "up in a macro's arguments",
        DOWN,
        &[(CELL, "fn f() { assert!(crate::task::ok()); }\n")],
        CELL,
        1,
    ),
    breaks(
        "up in a macro's rules",
        DOWN,
        &[(CELL, "macro_rules! m { () => { $crate::task::ok() } }\n")],
        CELL,
        1,
    ),
    breaks(
        "up by the crate's name",
        DOWN,
        &[(CELL, "fn f() { ::background::task::ok(); }\n")],
        CELL,
        1,
    ),
    breaks("up through a re-export", DOWN, &[(TASK, "use crate::Background;\n")], TASK, 1),
    breaks("everything", HOME, &[(TASK, "use crate::*;\n")], TASK, 1),
    breaks("the whole crate by another name", HOME, &[(TASK, "use crate as all;\n")], TASK, 1),
    keeps(
        "up in a comment, a string and docs",
        DOWN,
        &[(CELL, "//! [`crate::task`]\n// crate::task::x\nconst A: &str = \"crate::task::x\";\n")],
    ),
    keeps(
        "up in a test",
        DOWN,
        &[(CELL, "#[cfg(test)]\nmod tests {\n    use crate::task::Task;\n}\n")],
    ),
    keeps(
        "up in a test's file",
        DOWN,
        &[
            (CELL, "#[cfg(all(test, background_loom))]\nmod model;\n"),
            ("background/src/cell/model.rs", "use crate::task::Task;\n"),
        ],
    ),
    breaks(
        "up in what is not only for tests",
        DOWN,
        &[(CELL, "#[cfg(any(test, unix))]\nmod tests {\n    use crate::task::Task;\n}\n")],
        CELL,
        3,
    ),
    // Every module has a floor, every name a home.
    breaks(
        "a new module",
        "every_module_has_a_floor",
        &[("background/src/attic.rs", ""), (LIB, "mod attic;\n")],
        "background/src/attic.rs",
        0,
    ),
    breaks("an unknown name", HOME, &[(TASK, "use crate::Nowhere;\n")], TASK, 1),
    keeps(
        "a macro of the crate",
        HOME,
        &[
            (SITE, "#[macro_export]\nmacro_rules! here { () => {} }\n"),
            (TASK, "fn f() { crate::here!(); }\n"),
        ],
    ),
    // Neighbours.
    keeps("a neighbour", "neighbours_form_no_circle", &[(SITE, "use crate::clock::Tick;\n")]),
    // Both ends are found: the small workspace has the other half of the circle.
    breaks(
        "neighbours in a circle",
        "neighbours_form_no_circle",
        &[("background/src/sync.rs", "use crate::failure::Failure;\n")],
        "background/src/sync.rs",
        1,
    ),
    // Strangers.
    breaks(
        "one strategy and another",
        STRANGERS,
        &[(THREAD, "use crate::inline::Inline;\n")],
        THREAD,
        1,
    ),
    breaks(
        "a strategy and the handle",
        STRANGERS,
        &[(THREAD, "use crate::handle::A;\n")],
        THREAD,
        1,
    ),
    breaks(
        "a strategy and the future",
        STRANGERS,
        &[(THREAD, "fn f(a: crate::Background) {}\n")],
        THREAD,
        1,
    ),
    breaks(
        "the handle and a strategy",
        STRANGERS,
        &[(HANDLE, "use crate::thread::Pool;\n")],
        HANDLE,
        1,
    ),
    keeps("a strategy and itself", STRANGERS, &[(THREAD, "use crate::thread::pool::Pool;\n")]),
    // Files.
    breaks(
        "a file without a module",
        FILES,
        &[("background/src/lost.rs", "")],
        "background/src/lost.rs",
        0,
    ),
    breaks(
        "a module with a file elsewhere",
        FILES,
        &[(TASK, "#[path = \"x.rs\"]\nmod y;\n")],
        TASK,
        2,
    ),
    // The door.
    breaks("a lock of std", DOOR, &[(CELL, "use std::sync::{Arc, Mutex};\n")], CELL, 1),
    breaks(
        "an atomic of core",
        DOOR,
        &[(TASK, "type A = core::sync::atomic::AtomicU8;\n")],
        TASK,
        1,
    ),
    breaks("the whole of std::sync", DOOR, &[(CELL, "use std::sync;\n")], CELL, 1),
    breaks("a thread of std", DOOR, &[(CELL, "fn f() { std::thread::yield_now(); }\n")], CELL, 1),
    breaks("a cell of std", DOOR, &[(CELL, "use std::cell::UnsafeCell;\n")], CELL, 1),
    breaks(
        "a thread local of std",
        DOOR,
        &[(CELL, "thread_local! { static A: u8 = 1; }\n")],
        CELL,
        1,
    ),
    keeps(
        "a thread local through the door",
        DOOR,
        &[(CELL, "use crate::sync::thread_local;\nthread_local! { static A: u8 = 1; }\n")],
    ),
    keeps(
        "a thread local without loom",
        DOOR,
        &[(CELL, "#[cfg(not(background_loom))]\nfn f() { thread_local! { static A: u8 = 1; } }\n")],
    ),
    keeps(
        "what waits for nothing",
        DOOR,
        &[(CELL, "use std::sync::Arc;\nfn f() -> bool { std::thread::panicking() }\n")],
    ),
    keeps("above the models", DOOR, &[(THREAD, "use std::sync::Mutex;\n")]),
    breaks(
        "parking",
        "nobody_parks_the_users_thread",
        &[(THREAD, "use std::thread;\nfn f() { thread::park(); }\n")],
        THREAD,
        2,
    ),
];
