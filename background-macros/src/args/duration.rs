//! The values of `timeout`, `deadline` and `cpu`.

use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, ExprLit, ExprUnary, Lit, UnOp};

use super::decimal::{Misfit, scale};
use super::krate::Krate;
use super::literal::inner;
use crate::span::ends;

const NANOS_PER_SECOND: u128 = 1_000_000_000;

/// The suffixes of a literal and how many nanoseconds each is.
const UNITS: [(&str, u128); 10] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", 1_000_000),
    ("s", NANOS_PER_SECOND),
    ("sec", NANOS_PER_SECOND),
    ("m", 60 * NANOS_PER_SECOND),
    ("min", 60 * NANOS_PER_SECOND),
    ("h", 3_600 * NANOS_PER_SECOND),
    ("d", 86_400 * NANOS_PER_SECOND),
];

/// A length of time.
#[derive(Clone)]
pub(crate) enum Time {
    /// Known now, from a literal.
    Known(Duration, Span),
    /// Found out at the call: an expression of type `Duration`.
    Computed(Box<Expr>),
}

impl Time {
    /// Reads the value of an argument named `key`.
    pub(crate) fn parse(key: &str, value: Expr) -> syn::Result<Self> {
        let complain = |message: String| Err(syn::Error::new_spanned(&value, message));
        match inner(&value) {
            Expr::Lit(ExprLit { lit, .. }) => match literal(key, lit) {
                Ok(duration) => Ok(Self::Known(duration, ends(&value).0)),
                Err(message) => complain(message),
            },
            Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. })
                if matches!(inner(expr), Expr::Lit(_)) =>
            {
                complain("a duration cannot be negative".to_owned())
            }
            _ => Ok(Self::Computed(Box::new(value))),
        }
    }

    /// Stands in for a value that was refused: the function still has a time limit, and its type
    /// says so.
    pub(crate) fn placeholder() -> Self {
        Self::Known(Duration::ZERO, Span::mixed_site())
    }

    /// Whether it is known to be none at all.
    pub(crate) fn is_zero(&self) -> bool {
        matches!(self, Self::Known(Duration::ZERO, _))
    }

    /// An expression of type `Duration`.
    pub(crate) fn expand(&self, krate: &Krate) -> TokenStream {
        match self {
            Self::Known(duration, span) => {
                let (seconds, nanos) = (duration.as_secs(), duration.subsec_nanos());
                let krate = krate.at(*span);
                quote_spanned!(*span=> #krate::__private::core::time::Duration::new(#seconds, #nanos))
            }
            Self::Computed(expr) => quote!(#expr),
        }
    }
}

fn literal(key: &str, literal: &Lit) -> Result<Duration, String> {
    match literal {
        Lit::Str(text) => worded(key, &text.value()),
        Lit::Int(number) => {
            let (digits, suffix) = (number.base10_digits(), number.suffix());
            match suffix {
                "" | "u8" | "u16" | "u32" | "u64" | "u128" | "usize" | "i8" | "i16" | "i32"
                | "i64" | "i128" | "isize" => Err(format!(
                    "`{digits}` says no unit: write `{key} = {digits}s` for seconds, or \
                     `{digits}ms`, `{digits}min`"
                )),
                "f16" | "f32" | "f64" | "f128" => exact(digits, NANOS_PER_SECOND),
                _ => suffixed(digits, suffix),
            }
        }
        Lit::Float(number) => match number.suffix() {
            "" | "f16" | "f32" | "f64" | "f128" => exact(number.base10_digits(), NANOS_PER_SECOND),
            suffix => suffixed(number.base10_digits(), suffix),
        },
        _ => Err(format!(
            "expected a duration: `{key} = 1s`, `{key} = \"1m 30s\"`, or an expression of type \
             `Duration`"
        )),
    }
}

fn suffixed(digits: &str, suffix: &str) -> Result<Duration, String> {
    match UNITS.iter().find(|(name, _)| *name == suffix) {
        Some((_, nanos)) => exact(digits, *nanos),
        None => Err(format!(
            "unknown unit of time `{suffix}`: write `ns`, `us`, `ms`, `s`, `min`, `h` or `d`"
        )),
    }
}

fn exact(digits: &str, unit: u128) -> Result<Duration, String> {
    let nanos = scale(digits, unit).map_err(|misfit| match misfit {
        Misfit::Malformed => format!("`{digits}` is not a number"),
        Misfit::TooLarge => too_long(),
        Misfit::TooFine => "a duration is a whole number of nanoseconds".to_owned(),
    })?;
    let seconds = u64::try_from(nanos / NANOS_PER_SECOND).map_err(|_| too_long())?;
    let rest = u32::try_from(nanos % NANOS_PER_SECOND).map_err(|_| too_long())?;
    Ok(Duration::new(seconds, rest))
}

fn too_long() -> String {
    "longer than a `Duration` can be; for no limit, leave the argument out".to_owned()
}

fn worded(key: &str, text: &str) -> Result<Duration, String> {
    let trimmed = text.trim();
    if trimmed.starts_with('-') {
        return Err("a duration cannot be negative".to_owned());
    }
    if !trimmed.is_empty() && trimmed.bytes().all(|byte| byte.is_ascii_digit()) {
        return if trimmed.bytes().all(|byte| byte == b'0') {
            Ok(Duration::ZERO)
        } else {
            Err(format!("`{trimmed}` says no unit: write `{key} = \"{trimmed}s\"` for seconds"))
        };
    }
    humantime::parse_duration(trimmed)
        .map_err(|error| format!("not a duration: {error}; write for example `{key} = \"1m 30s\"`"))
}

#[cfg(test)]
mod tests {
    use super::Time;
    use std::time::Duration;

    fn parse(text: &str) -> Result<Option<Duration>, String> {
        let value = syn::parse_str(text).expect("the test's own text is an expression");
        match Time::parse("timeout", value) {
            Ok(Time::Known(duration, _)) => Ok(Some(duration)),
            Ok(Time::Computed(_)) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn literals_with_a_unit() {
        assert_eq!(parse("250ms"), Ok(Some(Duration::from_millis(250))));
        assert_eq!(parse("1.5s"), Ok(Some(Duration::from_millis(1_500))));
        assert_eq!(parse("7us"), Ok(Some(Duration::from_micros(7))));
        assert_eq!(parse("5min"), Ok(Some(Duration::from_secs(300))));
        assert_eq!(parse("2h"), Ok(Some(Duration::from_secs(7_200))));
        assert_eq!(parse("1_000ns"), Ok(Some(Duration::from_micros(1))));
        assert_eq!(parse("0s"), Ok(Some(Duration::ZERO)));
        assert_eq!(parse("(1s)"), Ok(Some(Duration::from_secs(1))));
    }

    #[test]
    fn a_bare_float_is_seconds() {
        assert_eq!(parse("1.5"), Ok(Some(Duration::from_millis(1_500))));
        assert_eq!(parse("0.1"), Ok(Some(Duration::from_millis(100))));
        assert_eq!(parse("2f64"), Ok(Some(Duration::from_secs(2))));
    }

    #[test]
    fn texts() {
        assert_eq!(parse("\"1m 30s\""), Ok(Some(Duration::from_secs(90))));
        assert_eq!(parse("\"1.5s\""), Ok(Some(Duration::from_millis(1_500))));
        assert_eq!(parse("\"0\""), Ok(Some(Duration::ZERO)));
    }

    #[test]
    fn any_other_expression_is_left_to_the_compiler() {
        assert_eq!(parse("Duration::from_millis(80)"), Ok(None));
        assert_eq!(parse("LIMIT * 2"), Ok(None));
        assert_eq!(parse("-limit"), Ok(None));
    }

    #[test]
    fn refused() {
        for (text, reason) in [
            ("5", "`timeout = 5s`"),
            ("5u32", "`timeout = 5s`"),
            ("\"5\"", "timeout = \"5s\""),
            ("-1s", "negative"),
            ("-1.5", "negative"),
            ("\"-1s\"", "negative"),
            ("1e30s", "longer than"),
            ("1e400", "longer than"),
            ("0.5ns", "whole number of nanoseconds"),
            ("3parsecs", "unknown unit of time `parsecs`"),
            ("true", "expected a duration"),
            ("\"\"", "not a duration"),
            ("\"soon\"", "not a duration"),
            ("\"99999999999999999999999y\"", "not a duration"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn the_longest() {
        let text = "18446744073709551615s";
        assert_eq!(parse(text), Ok(Some(Duration::from_secs(u64::MAX))));
        assert!(parse("18446744073709551616s").is_err());
    }
}
