//! Work of a known amount.

/// How many steps of [`work`] make about a microsecond. A number and no clock: every peer does the
/// same work, however busy the machine is. What it comes to shows the sequential contender.
pub const MICROSECOND: u32 = 480;

/// So many steps of a generator, each of which waits for the one before. The shift keeps the
/// compiler from taking several steps at once.
#[inline(never)]
pub fn work(steps: u32, seed: u32) -> u32 {
    let mut state = u64::from(seed);
    for _ in 0..steps {
        state = (state ^ (state >> 7)).wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    }
    // A few bits, so that sums do not overflow.
    u32::try_from(state >> 52).unwrap_or(0)
}
