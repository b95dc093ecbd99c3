//! Makes many futures that nobody touches, and counts what becomes of their values.
//!
//! `drop_untouched [drop|detach|cancel] [HOW MANY]`. Ends with the code 0 when every body ran at
//! most once, every value that was made was dropped, and everything that a body had captured too.

use std::time::Duration;

use background::Background;
use background_tests::{Counted, Counter, until};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let how = arguments.next().unwrap_or_else(|| "drop".to_owned());
    let many = arguments.next().map_or(100_000, |many| many.parse().expect("how many"));
    let (values, captured) = (Counter::new(), Counter::new());
    for _ in 0..many {
        let (values, captured) = (values.clone(), captured.make());
        let future: Background<Counted> = background::spawn(move || {
            // Whatever a body has captured goes with the body, before its value is there.
            drop(captured);
            values.make()
        });
        match how.as_str() {
            "detach" => Background::detach(future),
            "cancel" => {
                Background::cancel(&future);
                drop(future);
            }
            _ => drop(future),
        }
    }
    background::drain(Duration::from_secs(600)).expect("every body ends");
    // A task is over when its outcome is there; the last to let go of it may be a moment later.
    until("everything is dropped", || {
        captured.dropped() == many && values.dropped() == values.made()
    });
    println!("{} values of {many} futures", values.made());
    assert!(how == "cancel" || values.made() == many, "a body did not run");
}
