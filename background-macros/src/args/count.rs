//! The values of `limit`, `stream` and `max_calls`: how many, and at least one.

use syn::{Expr, ExprLit, Lit, UnOp};

use super::literal::inner;

/// An argument that is a number, and what is said about values that are none.
pub(crate) struct Count {
    /// What to write, in words and as an example.
    pub(crate) expected: &'static str,
    /// The type of the number.
    pub(crate) suffix: &'static str,
    /// What is wrong with zero.
    pub(crate) zero: &'static str,
    /// What is wrong with less.
    pub(crate) negative: &'static str,
}

/// How many calls of a function may be under way at once.
pub(crate) static LIMIT: Count = Count {
    expected: "expected a number of tasks: `limit = 4`",
    suffix: "usize",
    zero: "a limit of 0 would let no call through: write at least `1`",
    negative: "a limit cannot be negative: write at least `1`",
};

/// How many items of a stream may be ready that nobody has asked for.
pub(crate) static LOOK_AHEAD: Count = Count {
    expected: "expected a number of items: `stream = 64`",
    suffix: "usize",
    zero: "a stream that may make no item ahead never has one: write at least `1`",
    negative: "a number of items cannot be negative: write at least `1`",
};

/// How many calls a process serves.
pub(crate) static MAX_CALLS: Count = Count {
    expected: "expected a number of calls: `max_calls = 100`",
    suffix: "u64",
    zero: "a process that serves no calls cannot serve this one: write at least `1`",
    negative: "a number of calls cannot be negative: write at least `1`",
};

impl Count {
    /// Checks what can be checked now: the value, if it is a literal.
    pub(crate) fn parse(&self, value: Expr) -> syn::Result<Expr> {
        let complaint = match inner(&value) {
            Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => {
                match number.base10_parse::<u64>() {
                    Ok(0) => Some(self.zero),
                    Ok(_) if number.suffix().is_empty() || number.suffix() == self.suffix => None,
                    _ => Some(self.expected),
                }
            }
            Expr::Lit(_) => Some(self.expected),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => Some(self.negative),
            _ => None,
        };
        match complaint {
            Some(message) => Err(syn::Error::new_spanned(&value, message)),
            None => Ok(value),
        }
    }
}
