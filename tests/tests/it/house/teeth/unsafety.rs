//! Islands, reasons for `unsafe`, reasons for orderings.

use super::{Case, breaks, keeps};

const CELL: &str = "background/src/cell/mod.rs";
const ISLAND: &str = "background/src/task/job.rs";

const OFF: &str = "unsafe_stays_on_its_islands";
const REASON: &str = "every_unsafe_has_its_reason";
const ORDER: &str = "every_ordering_has_its_reason";

pub(super) const CASES: &[Case] = &[
    breaks("a block off the islands", OFF, &[(CELL, "fn f() {\n    unsafe { g() }\n}\n")], CELL, 2),
    breaks("an impl off the islands", OFF, &[(CELL, "unsafe impl Send for A {}\n")], CELL, 1),
    breaks("a function off the islands", OFF, &[(CELL, "unsafe fn f() {}\n")], CELL, 1),
    breaks("a method off the islands", OFF, &[(CELL, "impl A { unsafe fn f() {} }\n")], CELL, 1),
    breaks("a trait off the islands", OFF, &[(CELL, "unsafe trait A {}\n")], CELL, 1),
    breaks("a type off the islands", OFF, &[(CELL, "type A = unsafe fn();\n")], CELL, 1),
    breaks("foreign functions", OFF, &[(CELL, "unsafe extern \"C\" {}\n")], CELL, 1),
    breaks("in a macro", OFF, &[(CELL, "macro_rules! m { () => { unsafe { g() } } }\n")], CELL, 1),
    breaks("the lint lifted", OFF, &[(CELL, "#![allow(unsafe_code)]\n")], CELL, 1),
    breaks(
        "in a test",
        OFF,
        &[("tests/tests/a.rs", "fn f() { unsafe { g() } }\n")],
        "tests/tests/a.rs",
        1,
    ),
    keeps(
        "in a quotation",
        OFF,
        &[(CELL, "fn f() { assert!(quote!(unsafe { g() }).is_empty()); }\n")],
    ),
    keeps("only the word", OFF, &[(CELL, "// unsafe\nconst A: &str = \"unsafe {}\";\n")]),
    keeps("in a user's program", OFF, &[("ui-tests/tests/accept/a.rs", "unsafe fn f() {}\n")]),
    keeps("on an island", OFF, &[(ISLAND, "#![allow(unsafe_code)]\nunsafe fn f() {}\n")]),
    breaks("a deserted island", "no_island_is_deserted", &[(ISLAND, "fn f() {}\n")], ISLAND, 0),
    keeps("an inhabited island", "no_island_is_deserted", &[(ISLAND, "unsafe fn f() {}\n")]),
    // Reasons for unsafe.
    breaks(
        "no reason",
        REASON,
        &[(ISLAND, "fn f() {\n    // why not\n    unsafe { g() }\n}\n")],
        ISLAND,
        3,
    ),
    breaks(
        "an empty reason",
        REASON,
        &[(ISLAND, "fn f() {\n    // SAFETY:\n    unsafe { g() }\n}\n")],
        ISLAND,
        3,
    ),
    breaks(
        "the reason of another",
        REASON,
        &[(ISLAND, "fn f() {\n    // SAFETY: alone.\n    unsafe { g() }\n    unsafe { g() }\n}\n")],
        ISLAND,
        4,
    ),
    keeps(
        "a reason above",
        REASON,
        &[(ISLAND, "fn f() {\n    // SAFETY: alone,\n    // really.\n    unsafe { g() }\n}\n")],
    ),
    keeps(
        "a reason above the statement",
        REASON,
        &[(
            ISLAND,
            "fn f() {\n    // SAFETY: alone.\n    let a = h(\n        unsafe { g() });\n}\n",
        )],
    ),
    keeps(
        "a reason within",
        REASON,
        &[(
            ISLAND,
            "fn f() {\n    let a = h(\n        // SAFETY: alone.\n        unsafe { g() });\n}\n",
        )],
    ),
    breaks(
        "an impl without",
        REASON,
        &[(ISLAND, "/// Docs.\nunsafe impl Send for A {}\n")],
        ISLAND,
        2,
    ),
    keeps(
        "an impl with",
        REASON,
        &[(ISLAND, "// SAFETY: see above.\nunsafe impl Send for A {}\n")],
    ),
    breaks(
        "a contract without docs",
        REASON,
        &[(ISLAND, "/// Docs.\nunsafe fn f() {}\n")],
        ISLAND,
        2,
    ),
    keeps(
        "a contract with docs",
        REASON,
        &[(ISLAND, "/// Docs.\n///\n/// # Safety\n///\n/// Only once.\nunsafe fn f() {}\n")],
    ),
    keeps(
        "a trait's contract",
        REASON,
        &[(ISLAND, "// SAFETY: passed on.\nunsafe impl A for B {\n    unsafe fn f() {}\n}\n")],
    ),
    breaks(
        "a block in a macro",
        REASON,
        &[(ISLAND, "macro_rules! m {\n    () => {\n        unsafe { g() }\n    };\n}\n")],
        ISLAND,
        3,
    ),
    // Reasons for orderings.
    breaks(
        "no ordering's reason",
        ORDER,
        &[(CELL, "fn f() {\n    a.load(Ordering::Relaxed);\n}\n")],
        CELL,
        2,
    ),
    breaks(
        "by the bare name",
        ORDER,
        &[(
            CELL,
            "use crate::sync::Ordering::{Acquire, Release};\nfn f() {\n    a.load(Acquire);\n}\n",
        )],
        CELL,
        3,
    ),
    breaks(
        "by a bare name of a glob",
        ORDER,
        &[(CELL, "use std::sync::atomic::Ordering::*;\nfn f() {\n    a.load(Acquire);\n}\n")],
        CELL,
        3,
    ),
    keeps("something else of the name", ORDER, &[(CELL, "fn f() {\n    drop(Release(1));\n}\n")]),
    breaks(
        "by the whole path",
        ORDER,
        &[(CELL, "fn f() {\n    a.load(std::sync::atomic::Ordering::SeqCst);\n}\n")],
        CELL,
        2,
    ),
    breaks(
        "in a macro",
        ORDER,
        &[(CELL, "fn f() {\n    assert!(a.load(Ordering::Relaxed));\n}\n")],
        CELL,
        2,
    ),
    breaks(
        "of the statement before",
        ORDER,
        &[(
            CELL,
            "fn f() {\n    // ORDERING: Relaxed.\n    a.load(Ordering::Relaxed);\n    b.load(Ordering::Relaxed);\n}\n",
        )],
        CELL,
        4,
    ),
    breaks(
        "of the statement around",
        ORDER,
        &[(
            CELL,
            "fn f() {\n    // ORDERING: Relaxed.\n    if a.load(Ordering::Relaxed) {\n        b.load(Ordering::Relaxed);\n    }\n}\n",
        )],
        CELL,
        4,
    ),
    keeps(
        "above",
        ORDER,
        &[(CELL, "fn f() {\n    // ORDERING: alone.\n    a.load(Ordering::Relaxed);\n}\n")],
    ),
    keeps(
        "above a chain",
        ORDER,
        &[(
            CELL,
            "fn f() {\n    // ORDERING: alone.\n    self\n        .a\n        .load(Ordering::Relaxed);\n}\n",
        )],
    ),
    keeps(
        "in a chain",
        ORDER,
        &[(
            CELL,
            "fn f() {\n    self\n        .a\n        // ORDERING: alone.\n        .load(Ordering::Relaxed);\n}\n",
        )],
    ),
    keeps("in a test", ORDER, &[(CELL, "#[test]\nfn f() {\n    a.load(Ordering::Relaxed);\n}\n")]),
    keeps(
        "in a test's file",
        ORDER,
        &[
            (CELL, "#[cfg(test)]\nmod model;\n"),
            ("background/src/cell/model.rs", "fn f() {\n    a.load(Ordering::Relaxed);\n}\n"),
        ],
    ),
    keeps("which is less", ORDER, &[(CELL, "fn f() -> Ordering {\n    Ordering::Less\n}\n")]),
];
