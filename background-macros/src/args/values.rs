//! The forms that an argument's value has: each is read and checked by a function of its own.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, Lit, LitBool, LitStr, Path, Token};

use super::choice::Options;
use super::literal::inner;
use super::{Choice, Size, Time};

/// `flag`, `flag = true` or `flag = false`.
pub(super) fn flag(key: &Ident, input: ParseStream<'_>) -> syn::Result<bool> {
    if !input.peek(Token![=]) {
        return bare(key, input, &format!("write `{key}` or `{key} = true`")).map(|()| true);
    }
    input.parse::<Token![=]>()?;
    input.parse::<LitBool>().map(|value| value.value).map_err(|error| {
        let message = format!("`{key}` is on or off: write `{key}` or `{key} = false`");
        syn::Error::new(error.span(), message)
    })
}

/// Complains about `key(…)`.
fn bare(key: &Ident, input: ParseStream<'_>, instead: &str) -> syn::Result<()> {
    if input.is_empty() || input.peek(Token![,]) {
        Ok(())
    } else if input.peek(syn::token::Paren) {
        Err(syn::Error::new(key.span(), format!("`{key}` takes no parentheses: {instead}")))
    } else {
        Err(input.error("expected `,` or `=`"))
    }
}

/// The expression after `key =`.
pub(super) fn expression(key: &Ident, input: ParseStream<'_>, what: &str) -> syn::Result<Expr> {
    equals(key, input, what)?;
    input.parse()
}

fn equals(key: &Ident, input: ParseStream<'_>, what: &str) -> syn::Result<()> {
    let ended = |rest: ParseStream<'_>| rest.is_empty() || rest.peek(Token![,]);
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        if !ended(input) {
            return Ok(());
        }
    }
    if ended(input) || input.peek(syn::token::Paren) {
        let message = format!("`{key}` needs {what}");
        return Err(syn::Error::new(key.span(), message));
    }
    Err(input.error("expected `=`"))
}

pub(super) fn size(example: &str, key: &Ident, input: ParseStream<'_>) -> syn::Result<Size> {
    let value = expression(key, input, &format!("a size: `{example}`"))?;
    Size::parse(example, value)
}

pub(super) fn cpu(key: &Ident, input: ParseStream<'_>) -> syn::Result<Time> {
    let value = expression(key, input, "a duration: `cpu = 2s`")?;
    let time = Time::parse("cpu", value.clone())?;
    if time.is_zero() {
        let message = "a process that may not compute cannot run a body; for no limit, leave the \
                       argument out";
        return Err(syn::Error::new_spanned(value, message));
    }
    Ok(time)
}

pub(super) fn name(key: &Ident, input: ParseStream<'_>) -> syn::Result<Expr> {
    text("name = \"indexer\"", key, input, |name| {
        name.contains('\0').then_some("a thread's name cannot contain NUL")
    })
}

pub(super) fn series(key: &Ident, input: ParseStream<'_>) -> syn::Result<Expr> {
    text("series = \"uploads\"", key, input, |_| None)
}

/// An expression that is no literal but a text's, about which there may be a complaint.
fn text(
    example: &str,
    key: &Ident,
    input: ParseStream<'_>,
    complaint: impl Fn(&str) -> Option<&'static str>,
) -> syn::Result<Expr> {
    let value = expression(key, input, &format!("a text: `{example}`"))?;
    let message = match inner(&value) {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
            complaint(&text.value()).map(str::to_owned)
        }
        Expr::Lit(_) => Some(format!("expected a text: `{example}`")),
        _ => None,
    };
    match message {
        Some(message) => Err(syn::Error::new_spanned(&value, message)),
        None => Ok(value),
    }
}

pub(super) fn choice(
    options: &'static Options,
    key: &Ident,
    input: ParseStream<'_>,
) -> syn::Result<Choice> {
    let expected = options.expected();
    equals(key, input, &format!("a value: {expected}"))?;
    match input.call(Ident::parse_any) {
        Ok(word) => options.choose(&word),
        Err(error) => Err(syn::Error::new(error.span(), expected)),
    }
}

pub(super) fn path(key: &Ident, input: ParseStream<'_>) -> syn::Result<Path> {
    let example = "a path: `crate = my_crate::background`";
    equals(key, input, example)?;
    let parsed = if input.peek(LitStr) {
        input.parse::<LitStr>()?.parse_with(Path::parse_mod_style)
    } else {
        input.call(Path::parse_mod_style)
    };
    parsed.map_err(|error| syn::Error::new(error.span(), format!("`crate` needs {example}")))
}
