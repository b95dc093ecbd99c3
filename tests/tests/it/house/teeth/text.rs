//! Words, lengths, letters.

use super::{Case, breaks, keeps};

const FILE: &str = "tests/tests/it/a.rs";
const PAGE: &str = "docs.md";

const SLEEP: &str = "no_test_waits_by_sleeping";
const LETTERS: &str = "every_letter_can_be_seen";
const DUMP: &str = "no_module_is_a_dump";
const LEFT: &str = "nothing_is_left_to_do";

/// Ten times the same text.
macro_rules! ten {
    ($text:expr) => {
        concat!($text, $text, $text, $text, $text, $text, $text, $text, $text, $text)
    };
}

const LINES_500: &str = ten!(ten!("\n\n\n\n\n"));
const LINES_600: &str = ten!(ten!("\n\n\n\n\n\n"));

pub(super) const CASES: &[Case] = &[
    breaks("too long", "no_file_is_too_long", &[(FILE, LINES_600)], FILE, 600),
    keeps("just not", "no_file_is_too_long", &[(FILE, LINES_500)]),
    // Machines.
    breaks(
        "a folder",
        "no_machine_shows_through",
        &[(PAGE, concat!("a\nsee /", "tmp/x\n"))],
        PAGE,
        2,
    ),
    keeps("a folder of the house", "no_machine_shows_through", &[(PAGE, "see tests/tmp\n")]),
    // Unfinished.
    breaks("a mark", LEFT, &[(PAGE, concat!("TO", "DO: all\n"))], PAGE, 1),
    keeps("a longer word", LEFT, &[(PAGE, concat!("MASTO", "DON\n"))]),
    breaks("a macro", "nothing_is_unfinished", &[(FILE, "fn f() {\n    todo!()\n}\n")], FILE, 2),
    breaks("a macro in a macro", "nothing_is_unfinished", &[(FILE, "m! { dbg!(1) }\n")], FILE, 1),
    keeps("a macro in words", "nothing_is_unfinished", &[(FILE, "// todo!()\n")]),
    breaks(
        "an ignored test",
        "no_test_is_switched_off",
        &[(FILE, "#[test]\n#[ignore]\nfn f() {}\n")],
        FILE,
        2,
    ),
    breaks(
        "with an excuse",
        "no_test_is_switched_off",
        &[(FILE, "#[ignore = \"slow\"]\nfn f() {}\n")],
        FILE,
        1,
    ),
    // Dumps.
    breaks("a file for anything", DUMP, &[("tests/src/util.rs", "")], "tests/src/util.rs", 0),
    breaks("a folder for anything", DUMP, &[("tests/common/mod.rs", "")], "tests/common/mod.rs", 0),
    breaks("a module for anything", DUMP, &[(FILE, "mod helpers {}\n")], FILE, 1),
    // Sleeping.
    breaks("asleep", SLEEP, &[(FILE, "fn f() {\n    std::thread::sleep(d);\n}\n")], FILE, 2),
    breaks(
        "asleep in a module's tests",
        SLEEP,
        &[("background/src/site.rs", "#[cfg(test)]\nmod tests { fn f() { thread::sleep(d); } }\n")],
        "background/src/site.rs",
        2,
    ),
    breaks("by a short name", SLEEP, &[(FILE, "use std::thread::sleep;\n")], FILE, 1),
    breaks(
        "asynchronously",
        SLEEP,
        &[(FILE, "async fn f() { tokio::time::sleep(d).await }\n")],
        FILE,
        1,
    ),
    breaks(
        "in a thread",
        SLEEP,
        &[(FILE, "fn f() { std::thread::spawn(|| std::thread::sleep(d)); }\n")],
        FILE,
        1,
    ),
    keeps("slow work", SLEEP, &[(FILE, "#[background]\nfn f() { std::thread::sleep(d); }\n")]),
    keeps(
        "slow work with a limit",
        SLEEP,
        &[(
            FILE,
            "impl A { #[background::background(timeout = 1s)] fn f() { thread::sleep(d); } }\n",
        )],
    ),
    keeps(
        "slow work of a closure",
        SLEEP,
        &[(FILE, "fn f() { background::spawn(|| thread::sleep(d)); }\n")],
    ),
    keeps(
        "slow work of a builder",
        SLEEP,
        &[(FILE, "fn f() { task().lazy().spawn(|| thread::sleep(d)); }\n")],
    ),
    // Letters.
    breaks("at a line's end", LETTERS, &[(PAGE, "a \nb\n")], PAGE, 1),
    breaks("a tabulator", LETTERS, &[(PAGE, "a\n\tb\n")], PAGE, 2),
    breaks("no width", LETTERS, &[(PAGE, "a\u{200b}b\n")], PAGE, 1),
    breaks("backwards", LETTERS, &[(FILE, "// a\u{202e}b\n")], FILE, 1),
    breaks("no last line break", LETTERS, &[(PAGE, "a\nb")], PAGE, 2),
    keeps("letters of all kinds", LETTERS, &[(PAGE, "ä → 世界 – “x”\n")]),
    // Rust.
    breaks("no Rust", "every_file_is_rust", &[(FILE, "fn f( {}\n")], FILE, 0),
    keeps("no Rust, on purpose", "every_file_is_rust", &[("ui-tests/tests/refuse/a.rs", "fn (")]),
];
