//! What a figure should come to.

use std::fmt;

use super::workload::Time;

/// At most `factor` times the median of a contender, plus so much.
#[derive(Clone, Copy)]
pub(crate) struct Goal {
    /// Whose goal it is.
    pub(crate) of: &'static str,
    pub(crate) factor: f64,
    /// Who is the measure; `None` for a figure that stands alone.
    pub(crate) peer: Option<&'static str>,
    /// Added to it, in nanoseconds.
    pub(crate) plus: f64,
}

impl Goal {
    /// At most `factor` times what the peer takes, for `background`.
    pub(crate) const fn times(factor: f64, peer: &'static str) -> Self {
        Self { of: "background", factor, peer: Some(peer), plus: 0.0 }
    }

    /// Prints how far the goal is away. The medians are looked up by name.
    pub(super) fn judge(&self, median: impl Fn(&str) -> Option<f64>) {
        let base = match self.peer {
            None => Some(0.0),
            Some(peer) => median(peer),
        };
        match (base, median(self.of)) {
            (Some(base), Some(own)) => {
                let most = self.factor * base + self.plus;
                let verdict = if own <= most { "met" } else { "missed" };
                println!("  goal: {self} ({}): {verdict}, at {:.2} × it", Time(most), own / most);
            }
            _ => println!("  goal: {self}: not in this run"),
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ≤ ", self.of)?;
        match self.peer {
            None => write!(f, "{}", Time(self.plus)),
            Some(peer) if self.plus > 0.0 => write!(f, "{peer} + {}", Time(self.plus)),
            Some(peer) => write!(f, "{} × {peer}", self.factor),
        }
    }
}
