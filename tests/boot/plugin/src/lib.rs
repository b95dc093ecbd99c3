//! A library that a program in another language loads while it runs.

use dependency::there;

fn own(n: u32) -> u32 {
    n + 7
}

/// Checks all there is. Returns what a function of its own makes of `n` in a worker process.
#[unsafe(no_mangle)]
pub extern "C" fn plugin_check(n: u32) -> u32 {
    dependency::check();
    assert_eq!(there(native::words, ()), Ok(2));
    assert_eq!(there(native::made, ()), Ok(42));
    there(own, n).expect("it runs")
}

/// What a function of its own makes of `n` in a worker process; 0 when the call fails.
#[unsafe(no_mangle)]
pub extern "C" fn plugin_call(n: u32) -> u32 {
    there(own, n).unwrap_or(0)
}
