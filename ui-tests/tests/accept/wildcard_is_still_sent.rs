use background::background;
use std::sync::Mutex;

static LOG: Mutex<Vec<&str>> = Mutex::new(Vec::new());

fn log(what: &'static str) {
    LOG.lock().expect("no test panics with the lock").push(what);
}

struct Loud(&'static str);

impl Drop for Loud {
    fn drop(&mut self) {
        log(self.0);
    }
}

// Dropped when the body ends, in reverse order, as the parameters of any function.
#[background]
fn order(_: Loud, _second: Loud, (_, _): (Loud, Loud)) {
    log("body");
}

fn main() {
    let done = order(Loud("a"), Loud("b"), (Loud("c"), Loud("d")));
    assert_eq!(*done, ());
    let log = LOG.lock().expect("no test panics with the lock");
    assert_eq!(*log, ["body", "c", "d", "b", "a"]);
}
