//! Hammers pools of worker processes with every fault that a call can have.
//!
//! `hammer FAULTS [--seed N]`: random calls on several pools, until so many have failed as they were
//! to. Every call has to end as it was planned, and afterwards nothing may be left: no descriptor, no
//! child, no thread. The seed of a run is printed, so that its order can be had again.

#[cfg(target_os = "linux")]
mod bodies;
#[cfg(target_os = "linux")]
mod plan;
#[cfg(target_os = "linux")]
mod round;

#[cfg(target_os = "linux")]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |text: &String| text.parse::<u64>().expect("a number");
    let (faults, seed) = match &arguments[..] {
        [faults] => (number(faults), None),
        [faults, flag, seed] if flag == "--seed" => (number(faults), Some(number(seed))),
        _ => panic!("usage: hammer FAULTS [--seed N]"),
    };
    let seed = seed.unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.map_or(1, |it| u64::from(it.subsec_nanos()) | 1)
    });
    round::hammer(faults, seed);
}

#[cfg(not(target_os = "linux"))]
fn main() {}
