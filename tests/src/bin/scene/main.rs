//! Scenes that need a process of their own: because they end it, because they count all of its
//! threads or tasks, or because they read what it writes. `scene NAME [ARGUMENT]`.
//!
//! A scene asserts what it can see itself and says `end` when it is over; the tests look at exit
//! status, standard output and standard error.

mod arguments;
mod ends;
mod panics;
mod places;
mod pools;
mod reports;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let argument = arguments.next().unwrap_or_default();
    match name.as_str() {
        "unread" => reports::unread(&argument),
        "drain" => reports::drain(),
        "drain-promises" => reports::drain_promises(),
        "chain" => arguments::chain(&argument),
        "tree" => arguments::tree(),
        "payload" => panics::payload(&argument),
        "value" => panics::value(&argument),
        "many-panics" => panics::many(&argument),
        "unwinding" => panics::unwinding(&argument),
        "exit" => ends::exit(&argument),
        "main-returns" => ends::main_returns(),
        "thread-ends" => ends::thread_ends(),
        "place" => places::place(&argument),
        "named-place" => places::named(),
        "all-places" => places::all(),
        "nested" => places::nested(&argument),
        "crowd" => places::crowd(),
        "pool-setting" => pools::setting(&argument),
        "pool-install" => pools::install(&argument),
        "pool-idle" => pools::idle(),
        "pool-sleepers" => pools::sleepers(),
        "pool-computing" => pools::computing(),
        "pool-mixed" => pools::mixed(),
        "pool-depth" => pools::depth(&argument),
        "pool-refused" => pools::refused(),
        "pool-refused-once" => pools::refused_once(),
        _ => panic!("there is no scene `{name}`"),
    }
    println!("end");
}
