//! The values of `stack_size` and `memory`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, ExprLit, ExprUnary, Lit, UnOp};

use super::decimal::{Misfit, scale};
use super::literal::inner;
use crate::span::ends;

/// The units of a size and how many bytes each is.
const UNITS: [(&str, u128); 10] = [
    ("B", 1),
    ("kB", 1_000),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

/// A number of bytes.
#[derive(Clone)]
pub(crate) enum Size {
    /// Known now, from a literal.
    Known(u64, Span),
    /// Found out at the call: an expression of type `usize` or `u64`.
    Computed(Box<Expr>),
}

impl Size {
    /// Reads the value of an argument that is written like this `example`.
    pub(crate) fn parse(example: &str, value: Expr) -> syn::Result<Self> {
        let bytes = match inner(&value) {
            Expr::Lit(ExprLit { lit, .. }) => literal(example, lit),
            Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. })
                if matches!(inner(expr), Expr::Lit(_)) =>
            {
                Err("a size cannot be negative".to_owned())
            }
            _ => return Ok(Self::Computed(Box::new(value))),
        };
        match bytes {
            Ok(bytes) => Ok(Self::Known(bytes, ends(&value).0)),
            Err(message) => Err(syn::Error::new_spanned(&value, message)),
        }
    }

    /// An expression of that type.
    pub(crate) fn expand(&self) -> TokenStream {
        match self {
            Self::Known(bytes, span) => {
                let bytes = proc_macro2::Literal::u64_unsuffixed(*bytes);
                quote_spanned!(*span=> #bytes)
            }
            Self::Computed(expr) => quote!(#expr),
        }
    }
}

fn literal(example: &str, literal: &Lit) -> Result<u64, String> {
    let bytes = match literal {
        Lit::Str(text) => worded(example, &text.value()),
        Lit::Int(number) => match number.suffix() {
            "" | "usize" | "u16" | "u32" | "u64" | "i32" => in_bytes(number.base10_digits(), 1),
            suffix => counted(example, number.base10_digits(), suffix),
        },
        Lit::Float(number) => counted(example, number.base10_digits(), number.suffix()),
        _ => Err(expected(example)),
    }?;
    if bytes == 0 {
        return Err("nothing fits into 0 bytes".to_owned());
    }
    Ok(bytes)
}

fn worded(example: &str, text: &str) -> Result<u64, String> {
    let text = text.trim();
    let unit =
        text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_').unwrap_or(text.len());
    let (digits, unit) = text.split_at(unit);
    let (digits, unit) = (digits.trim().replace('_', ""), unit.trim());
    if digits.is_empty() {
        return Err(expected(example));
    }
    if unit.is_empty() {
        return in_bytes(&digits, 1);
    }
    counted(example, &digits, unit)
}

fn counted(example: &str, digits: &str, unit: &str) -> Result<u64, String> {
    match UNITS.iter().find(|(name, _)| *name == unit) {
        Some((_, bytes)) => in_bytes(digits, *bytes),
        None if unit.is_empty() => Err(expected(example)),
        None => Err(format!(
            "unknown unit of size `{unit}`: write `B`, `KiB`, `MiB`, `GiB`, or `kB`, `MB`, `GB`"
        )),
    }
}

fn in_bytes(digits: &str, unit: u128) -> Result<u64, String> {
    scale(digits, unit)
        .and_then(|bytes| u64::try_from(bytes).map_err(|_| Misfit::TooLarge))
        .map_err(|misfit| match misfit {
            Misfit::Malformed => format!("`{digits}` is not a number"),
            Misfit::TooLarge => "more bytes than there are addresses".to_owned(),
            Misfit::TooFine => "a size is a whole number of bytes".to_owned(),
        })
}

fn expected(example: &str) -> String {
    format!("expected a size: `{example}`, or a number of bytes")
}

#[cfg(test)]
mod tests {
    use super::Size;

    fn parse(text: &str) -> Result<Option<u64>, String> {
        let value = syn::parse_str(text).expect("the test's own text is an expression");
        match Size::parse("stack_size = \"2 MiB\"", value) {
            Ok(Size::Known(bytes, _)) => Ok(Some(bytes)),
            Ok(Size::Computed(_)) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn accepted() {
        assert_eq!(parse("\"2 MiB\""), Ok(Some(2 << 20)));
        assert_eq!(parse("\"1.5MiB\""), Ok(Some(3 << 19)));
        assert_eq!(parse("\"64 kB\""), Ok(Some(64_000)));
        assert_eq!(parse("\"4096\""), Ok(Some(4_096)));
        assert_eq!(parse("65_536"), Ok(Some(65_536)));
        assert_eq!(parse("2MiB"), Ok(Some(2 << 20)));
        assert_eq!(parse("64 * 1024"), Ok(None));
        assert_eq!(parse("STACK"), Ok(None));
    }

    #[test]
    fn refused() {
        for (text, reason) in [
            ("0", "0 bytes"),
            ("\"0 KiB\"", "0 bytes"),
            ("-1", "negative"),
            ("\"big\"", "expected a size"),
            ("\"2 megs\"", "unknown unit of size `megs`"),
            ("1.5", "expected a size"),
            ("\"0.3 B\"", "whole number of bytes"),
            ("\"99999999 TiB\"", "more bytes"),
            ("true", "expected a size"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
