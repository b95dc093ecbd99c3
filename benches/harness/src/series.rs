//! All samples of one contender.

use crate::sample::Sample;

/// What a contender came to, round by round.
#[derive(Debug)]
pub(crate) struct Series {
    pub(crate) name: &'static str,
    /// Nanoseconds for one operation.
    times: Vec<f64>,
    pub(crate) notes: Vec<(String, f64)>,
    /// Why there are no more samples.
    pub(crate) flaw: Option<String>,
}

impl Series {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, times: Vec::new(), notes: Vec::new(), flaw: None }
    }

    pub(crate) fn enter(&mut self, sample: Result<Sample, String>, noting: bool) {
        match sample {
            Ok(sample) if noting => self.notes = sample.notes,
            Ok(sample) => self.times.push(sample.nanos),
            Err(flaw) => self.flaw = Some(flaw),
        }
    }

    pub(crate) fn median(&self) -> f64 {
        let mut times = self.times.clone();
        times.sort_by(f64::total_cmp);
        times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
    }

    pub(crate) fn best(&self) -> f64 {
        self.times.iter().copied().fold(f64::NAN, f64::min)
    }

    pub(crate) fn note(&self, label: &str) -> Option<f64> {
        self.notes.iter().find(|(own, _)| own == label).map(|(_, value)| *value)
    }
}
