//! What a figure should come to.

use std::fmt;
use std::time::Duration;

use crate::series::Series;
use crate::time::{Digits, Time};

/// At most so much: of a peer's median, of time, or of what contenders have noted.
#[derive(Clone, Debug)]
pub struct Goal {
    /// Whose goal it is.
    of: &'static str,
    most: Most,
}

#[derive(Clone, Debug)]
enum Most {
    /// So many times the peer's median, plus so many nanoseconds.
    Times { factor: f64, peer: &'static str, plus: f64 },
    /// So many nanoseconds.
    Within(f64),
    /// So much of what is noted under a label.
    Noted { label: &'static str, value: f64 },
}

/// How far away the goal is: 1 is the goal, less is better.
#[derive(Debug, PartialEq)]
pub(crate) struct Verdict(f64);

impl Goal {
    /// At most `factor` times what the peer takes, for `background`.
    pub fn times(factor: f64, peer: &'static str) -> Self {
        Self { of: "background", most: Most::Times { factor, peer, plus: 0.0 } }
    }

    /// At most so long, for `background`.
    pub fn within(time: Duration) -> Self {
        Self { of: "background", most: Most::Within(time.as_secs_f64() * 1e9) }
    }

    /// At most so much of what is noted under the label, for `background`.
    pub fn noted(label: &'static str, most: f64) -> Self {
        Self { of: "background", most: Most::Noted { label, value: most } }
    }

    /// The same goal for another contender.
    #[must_use]
    pub fn of(self, contender: &'static str) -> Self {
        Self { of: contender, ..self }
    }

    /// The same goal, if it is a peer's time, with so much added to it.
    #[must_use]
    pub fn plus(mut self, time: Duration) -> Self {
        if let Most::Times { plus, .. } = &mut self.most {
            *plus = time.as_secs_f64() * 1e9;
        }
        self
    }

    /// How far away the goal is; `None` if a contender that it is about was not measured.
    pub(crate) fn judge(&self, all: &[Series]) -> Option<Verdict> {
        let find = |name| all.iter().find(|it| it.name == name && it.flaw.is_none());
        let own = find(self.of)?;
        Some(Verdict(match self.most {
            Most::Times { factor, peer, plus } => {
                own.median() / (factor * find(peer)?.median() + plus)
            }
            Most::Within(nanos) => own.median() / nanos,
            Most::Noted { label, value } => {
                let noted = own.note(label)?;
                // A goal of none at all is met or it is not.
                if noted <= value {
                    (noted / value).min(1.0)
                } else {
                    noted / value.max(1.0) + 1e-9
                }
            }
        }))
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.of != "background" {
            write!(f, "{} ", self.of)?;
        }
        match self.most {
            Most::Times { factor, peer, plus: 0.0 } => write!(f, "≤ {} × {peer}", Digits(factor)),
            Most::Times { factor: 1.0, peer, plus } => write!(f, "≤ {peer} + {}", Time(plus)),
            Most::Times { factor, peer, plus } => {
                write!(f, "≤ {} × {peer} + {}", Digits(factor), Time(plus))
            }
            Most::Within(nanos) => write!(f, "≤ {}", Time(nanos)),
            Most::Noted { label, value } => write!(f, "≤ {} {label}", Digits(value)),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 <= 1.0 { write!(f, "met") } else { write!(f, "missed, at {:.2} × it", self.0) }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Goal, Series};
    use crate::sample::Sample;

    fn series(name: &'static str, nanos: f64, threads: f64) -> Series {
        let mut series = Series::new(name);
        series.enter(Ok(Sample { nanos, notes: Vec::new() }), false);
        let notes = vec![("threads".to_owned(), threads)];
        series.enter(Ok(Sample { nanos: 0.0, notes }), true);
        series
    }

    #[test]
    fn a_goal_is_met_or_missed_by_so_much() {
        let all = [series("background", 30.0, 2.0), series("peer", 10.0, 0.0)];
        let judge = |goal: Goal| goal.judge(&all).map(|verdict| verdict.to_string());
        let met = Some("met".to_owned());
        assert_eq!(judge(Goal::times(3.0, "peer")), met);
        assert_eq!(judge(Goal::times(2.0, "peer").plus(Duration::from_nanos(10))), met);
        let missed = Some("missed, at 3.00 × it".to_owned());
        assert_eq!(judge(Goal::times(1.0, "peer")), missed);
        assert_eq!(judge(Goal::within(Duration::from_nanos(10))), missed);
        assert_eq!(judge(Goal::within(Duration::from_nanos(10)).of("peer")), met);
        assert_eq!(judge(Goal::noted("threads", 2.0)), met);
        assert_eq!(judge(Goal::noted("threads", 0.0)), Some("missed, at 2.00 × it".to_owned()));
        assert_eq!(judge(Goal::noted("threads", 0.0).of("peer")), met);
        assert_eq!(judge(Goal::times(1.0, "nobody")), None);
    }
}
