//! A future prints as its value, whatever the format.

use background_tests::within;

use super::future;

static PLACE: u8 = 1;

#[test]
fn every_trait() {
    within(|| {
        let f = future(42);
        assert_eq!(format!("{f} {f:?} {f:x} {f:X} {f:o} {f:b}"), "42 42 2a 2A 52 101010");
        assert_eq!(format!("{f:e} {f:E}"), "4.2e1 4.2E1");
        assert_eq!(format!("{:p}", future(&PLACE)), format!("{:p}", &PLACE));
        let reference = &f;
        assert_eq!(format!("{reference} {reference:?}"), "42 42");
    });
}

#[test]
fn flags_pass_through() {
    within(|| {
        let f = future(42);
        assert_eq!(format!("{f:5}|{f:<5}|{f:^5}|{f:*>5}|{f:05}|{f:+}"), {
            "   42|42   | 42  |***42|00042|+42"
        });
        assert_eq!(format!("{f:#x} {f:#010b}"), "0x2a 0b00101010");
        assert_eq!(format!("{:.2} {:8.3}|", future(1.0), future(2.5)), "1.00    2.500|");
        let (width, precision) = (8, 1);
        assert_eq!(format!("{:width$.precision$}|", future("text")), "t       |");
        assert_eq!(format!("{:?} {:#?}", future("a\n"), future(vec![1])), "\"a\\n\" [\n    1,\n]");
    });
}

#[test]
fn text_from_futures() {
    within(|| {
        assert_eq!(future(5).to_string(), "5");
        assert_eq!(format!("{:?}", vec![future(1), future(2)]), "[1, 2]");
        assert_eq!(format!("{:?}", Some(future("a"))), "Some(\"a\")");
        let mut text = future(String::from("a"));
        {
            use std::fmt::Write;
            write!(text, "{}", future(1)).unwrap();
            text.write_char('!').unwrap();
            text.write_str("?").unwrap();
        }
        assert_eq!(text, "a1!?");
    });
}
