//! Numbers that look random.

/// A generator of them: the same seed gives the same numbers.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        // Neighbouring seeds shall not begin alike, and zero would stay zero.
        Self(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The low bits of such a generator are its worst.
        (self.0 >> 16) % bound
    }

    /// It comes true once in so many times.
    pub(crate) fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// A generator for somebody else.
    pub(crate) fn fork(&mut self) -> Self {
        Self::new(self.below(u64::MAX))
    }
}
