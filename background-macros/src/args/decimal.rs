//! Exact arithmetic on the digits of a literal: `1.5` of a unit is a whole number of smaller ones.

/// Why a number of units cannot be expressed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// Not digits with at most one point and one exponent.
    Malformed,
    /// More than fits.
    TooLarge,
    /// Not a whole number of the smallest unit.
    TooFine,
}

/// How many of the smallest unit `number` makes, if one of its units is `unit` of them.
///
/// `number` is written as a Rust literal without underscores and suffix: `15`, `1.5`, `1e3`.
pub(crate) fn scale(number: &str, unit: u128) -> Result<u128, Misfit> {
    let (mantissa, exponent) = match number.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            (mantissa, exponent.parse::<i32>().map_err(|_| Misfit::Malformed)?)
        }
        None => (number, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits = format!("{whole}{fraction}");
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(Misfit::Malformed);
    }
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Ok(0);
    }
    let value: u128 = digits.parse().map_err(|_| Misfit::TooLarge)?;
    let value = value.checked_mul(unit).ok_or(Misfit::TooLarge)?;
    let places = i32::try_from(fraction.len()).map_err(|_| Misfit::TooFine)?;
    let shift = exponent.saturating_sub(places);
    let power = 10_u128.checked_pow(shift.unsigned_abs());
    if shift >= 0 {
        power.and_then(|power| value.checked_mul(power)).ok_or(Misfit::TooLarge)
    } else {
        let power = power.ok_or(Misfit::TooFine)?;
        if value % power == 0 { Ok(value / power) } else { Err(Misfit::TooFine) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Misfit, scale};

    #[test]
    fn whole_fractional_and_exponential() {
        assert_eq!(scale("15", 1_000), Ok(15_000));
        assert_eq!(scale("1.5", 1_000), Ok(1_500));
        assert_eq!(scale("0.25", 1_000), Ok(250));
        assert_eq!(scale("1.50", 10), Ok(15));
        assert_eq!(scale("1e3", 1), Ok(1_000));
        assert_eq!(scale("25e-1", 10), Ok(25));
        assert_eq!(scale("0", 7), Ok(0));
        assert_eq!(scale("0.000", 7), Ok(0));
        assert_eq!(scale("0e99", 7), Ok(0));
    }

    #[test]
    fn what_does_not_fit() {
        assert_eq!(scale("1.5", 1), Err(Misfit::TooFine));
        assert_eq!(scale("1e-99", 1_000), Err(Misfit::TooFine));
        assert_eq!(scale("1e99", 1), Err(Misfit::TooLarge));
        assert_eq!(scale(&"9".repeat(60), 1), Err(Misfit::TooLarge));
        assert_eq!(scale("1x", 1), Err(Misfit::Malformed));
        assert_eq!(scale("1e", 1), Err(Misfit::Malformed));
    }
}
