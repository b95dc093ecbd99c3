//! The value of `priority`: how nice a call is to others in a queue.

use syn::{Expr, ExprLit, ExprUnary, Lit, UnOp};

use super::literal::inner;

/// What is said about a value that is none.
const EXPECTED: &str = "Niceness must be an integer between -20 and +20";

/// The niceness that comes last.
const NICEST: u8 = 20;

/// Checks what can be checked now: the value, if it is a literal.
pub(super) fn parse(value: Expr) -> syn::Result<Expr> {
    let number = match inner(&value) {
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => inner(expr),
        other => other,
    };
    let fits = match number {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => {
            let integer = ["", "i8", "i16", "i32", "i64", "i128", "isize"];
            let unsigned = ["u8", "u16", "u32", "u64", "u128", "usize"];
            integer.iter().chain(&unsigned).any(|suffix| number.suffix() == *suffix)
                && number.base10_parse::<u8>().is_ok_and(|number| number <= NICEST)
        }
        Expr::Lit(_) => false,
        _ => true,
    };
    if fits { Ok(value) } else { Err(syn::Error::new_spanned(&value, EXPECTED)) }
}

#[cfg(test)]
mod tests {
    use super::{EXPECTED, parse};

    fn accepts(text: &str) -> bool {
        let value = syn::parse_str(text).expect("the test's own text is an expression");
        match parse(value) {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(error.to_string(), EXPECTED);
                false
            }
        }
    }

    #[test]
    fn every_niceness_and_no_other() {
        for niceness in -130_i32..=130 {
            let fits = (-20..=20).contains(&niceness);
            assert_eq!(accepts(&niceness.to_string()), fits, "{niceness}");
            assert_eq!(accepts(&format!("({niceness}_i32)")), fits, "{niceness}");
        }
        for text in ["99999999999999999999999", "1.5", "-2.0", "\"5\"", "true", "1s", "-1f32"] {
            assert!(!accepts(text), "{text}");
        }
    }

    #[test]
    fn any_other_expression_is_left_to_the_call() {
        for text in ["urgency", "-urgency", "LOW + 1", "self.niceness()"] {
            assert!(accepts(text), "{text}");
        }
    }
}
