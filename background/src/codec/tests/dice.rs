//! Numbers that look random and are the same every time.

use serde_json::{Map, Value};

/// Marsaglia's xorshift.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(super) fn signed(&mut self) -> i64 {
        i64::from_le_bytes(self.next().to_le_bytes())
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33).expect("31 bits fit") % limit
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[7]
    }

    /// A number that equals itself.
    pub(super) fn float(&mut self) -> f64 {
        let float = f64::from_bits(self.next());
        if float.is_finite() { float } else { 0.5 }
    }

    pub(super) fn letter(&mut self) -> char {
        ['a', 'ß', '→', '🦀', '\0'][self.below(5)]
    }

    pub(super) fn text(&mut self) -> String {
        (0..self.below(9)).map(|_| self.letter()).collect()
    }

    pub(super) fn json(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 6 } else { 8 }) {
            0 => Value::Null,
            1 => Value::Bool(self.below(2) == 0),
            2 => Value::from(self.next()),
            3 => Value::from(self.signed()),
            4 => Value::from(self.float()),
            5 => Value::from(self.text()),
            6 => (0..self.below(12)).map(|_| self.json(depth - 1)).collect(),
            _ => {
                let entries = (0..self.below(12)).map(|_| (self.text(), self.json(depth - 1)));
                Value::Object(entries.collect::<Map<_, _>>())
            }
        }
    }
}
