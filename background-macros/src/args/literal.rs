//! Literals as `macro_rules!` hands them on: inside invisible delimiters.

use syn::Expr;

/// The expression without parentheses and invisible delimiters around it.
pub(crate) fn inner(expr: &Expr) -> &Expr {
    match expr {
        Expr::Group(group) => inner(&group.expr),
        Expr::Paren(paren) => inner(&paren.expr),
        other => other,
    }
}
