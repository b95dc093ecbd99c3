//! Programs with worker processes, as a whole: what they leave behind, and what becomes of their
//! workers when they end. `workers SCENE [ARGUMENT]`.
//!
//! A scene asserts what it can see itself and says `end` when it is over.
#![allow(clippy::needless_pass_by_value, reason = "a body owns what it is given")]
#![allow(clippy::zombie_processes, reason = "what a body leaves behind is the point")]

#[cfg(target_os = "linux")]
mod cancels;
#[cfg(target_os = "linux")]
mod ends;
#[cfg(target_os = "linux")]
mod remains;

#[cfg(target_os = "linux")]
fn main() {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let argument = arguments.next().unwrap_or_default();
    match name.as_str() {
        "calls-at-once" => ends::calls_at_once(),
        "dies" => ends::dies(&argument),
        "returns" => ends::returns(&argument),
        "exits" => ends::exits(&argument),
        "interrupted" => ends::interrupted(&argument),
        "prints" => ends::prints(),
        "faults" => remains::faults(),
        "children-ignored" => remains::children_ignored(),
        "no-descriptors" => remains::no_descriptors(),
        "cancels" => cancels::cancels(&argument),
        _ => panic!("there is no scene `{name}`"),
    }
    println!("end");
}

#[cfg(not(target_os = "linux"))]
fn main() {}
