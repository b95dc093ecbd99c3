//! A program that calls its own functions, and those of others, in worker processes.
//!
//! * `program check`: checks all there is
//! * `program main`: says that `main` was reached, and what of the library is in the environment
//! * `program one`: makes one call, and says how it ends
//! * `program lose`: loses its executable between two calls

use std::env;
use std::fs;

use background::Failure;
use dependency::there;

fn own(n: u32) -> u32 {
    n + 1
}

fn dies((): ()) {
    std::process::abort();
}

/// How a call ends, in a line.
fn one() -> String {
    match there(own, 1) {
        Ok(value) => format!("value {value}"),
        Err(Failure::Rejected { reason, .. }) => format!("rejected: {reason}"),
        Err(other) => format!("failure: {other}"),
    }
}

/// The file of the program is replaced, and then deleted.
fn lose() {
    let path = env::current_exe().expect("it is there");
    assert_eq!(there(own, 1), Ok(2));
    let other = path.with_extension("other");
    fs::copy("/bin/true", &other).expect("another program");
    fs::rename(&other, &path).expect("in the place of this one");
    assert!(there(dies, ()).is_err_and(|failure| failure.is_crash()));
    assert_eq!(there(own, 2), Ok(3));
    fs::remove_file(&path).expect("it can be deleted");
    assert!(there(dies, ()).is_err_and(|failure| failure.is_crash()));
    assert_eq!(there(own, 3), Ok(4));
}

fn main() {
    match env::args().nth(1).as_deref() {
        Some("check") => {
            program::check();
            assert_eq!(there(native::late, ()), Ok((42, 2)));
            assert_eq!(there(own, 1), Ok(2));
        }
        Some("main") => {
            let own = |name: &str| name.starts_with("__BACKGROUND");
            let left = env::vars().filter(|(name, _)| own(name)).count();
            println!("main, {left} variables, {}", one());
            return;
        }
        Some("one") => {
            println!("{}", one());
            return;
        }
        Some("lose") => lose(),
        other => panic!("what is {other:?}?"),
    }
    println!("checked");
}
