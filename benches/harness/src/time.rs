//! Times as they are printed.

use std::fmt;

/// Nanoseconds, printed in the unit that fits.
pub(crate) struct Time(pub(crate) f64);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (value, unit) = match self.0 {
            nanos if nanos < 1e3 => (nanos, "ns"),
            nanos if nanos < 1e6 => (nanos / 1e3, "µs"),
            nanos if nanos < 1e9 => (nanos / 1e6, "ms"),
            nanos => (nanos / 1e9, "s"),
        };
        f.pad(&format!("{} {unit}", Digits(value)))
    }
}

/// A number with three digits: that is what such a measurement is good for.
pub(crate) struct Digits(pub(crate) f64);

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = match self.0 {
            value if value.fract() == 0.0 => 0,
            value if value < 10.0 => 2,
            value if value < 100.0 => 1,
            _ => 0,
        };
        write!(f, "{:.digits$}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Time;

    #[test]
    fn a_time_has_three_digits_and_the_unit_that_fits() {
        let printed = [0.3125, 21.04, 999.4, 1_500.0, 33_333.3, 4e6, 2.5e9].map(Time);
        let printed = printed.map(|time| time.to_string());
        assert_eq!(
            printed,
            ["0.31 ns", "21.0 ns", "999 ns", "1.50 µs", "33.3 µs", "4 ms", "2.50 s"]
        );
    }
}
