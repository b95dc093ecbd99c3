//! Format strings in the arguments of macros, for [`owned_self`](crate::owned_self).
//!
//! `println!("{self}")` uses `self` within a literal. Which literal of a macro call is a format string
//! depends on the macro, and to change one that is not would change what the program does. So only
//! the macros of the standard library and of the common logging and error crates are known here. In another
//! macro `"{self}"` stays, and the compiler points it out as a borrow that outlives the call.

use proc_macro2::{Literal, TokenStream, TokenTree};

/// Where a macro has its format string.
enum Place {
    /// The argument at this position.
    Argument(usize),
    /// The first argument that is a lone literal.
    FirstLiteral,
}

/// The format string of a call of the macro `name` with these arguments, as a position among the
/// tokens.
pub(crate) fn find(name: &str, arguments: &TokenStream) -> Option<usize> {
    let place = match name {
        "format" | "format_args" | "print" | "println" | "eprint" | "eprintln" | "panic"
        | "todo" | "unimplemented" | "unreachable" | "anyhow" | "bail" => Place::Argument(0),
        "write" | "writeln" | "assert" | "debug_assert" | "ensure" => Place::Argument(1),
        "assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne" => Place::Argument(2),
        "error" | "warn" | "info" | "debug" | "trace" | "log" | "event" | "span" => {
            Place::FirstLiteral
        }
        _ => return None,
    };
    let tokens: Vec<TokenTree> = arguments.clone().into_iter().collect();
    let mut start = 0;
    for (position, argument) in tokens.split(comma).enumerate() {
        if let [TokenTree::Literal(_)] = argument {
            match place {
                Place::Argument(wanted) if wanted != position => {}
                _ => return Some(start),
            }
        }
        start += argument.len() + 1;
    }
    None
}

fn comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')
}

/// A format string with its `{self}` and `{self:…}` captures renamed.
pub(crate) fn rename_self(literal: Literal, name: &str) -> Literal {
    let text = literal.to_string();
    if !(text.starts_with('"') || text.starts_with('r')) || !text.contains("{self") {
        return literal;
    }
    let mut changed = String::with_capacity(text.len() + name.len());
    let mut rest = text.as_str();
    while let Some(brace) = rest.find('{') {
        let (before, after) = rest.split_at(brace);
        changed.push_str(before);
        let captured = after.strip_prefix("{self");
        if let Some(escaped) = after.strip_prefix("{{") {
            changed.push_str("{{");
            rest = escaped;
        } else if let Some(tail) = captured.filter(|tail| tail.starts_with(['}', ':'])) {
            changed.push('{');
            changed.push_str(name);
            rest = tail;
        } else {
            changed.push('{');
            rest = &after[1..];
        }
    }
    changed.push_str(rest);
    let Ok(mut copy) = changed.parse::<Literal>() else {
        return literal;
    };
    copy.set_span(literal.span());
    copy
}

#[cfg(test)]
mod tests {
    use super::{find, rename_self};
    use proc_macro2::Literal;
    use quote::quote;

    #[test]
    fn each_macro_has_its_place() {
        assert_eq!(find("println", &quote!("{self}", "x")), Some(0));
        assert_eq!(find("write", &quote!(f.x(), "{self}")), Some(5));
        assert_eq!(find("assert_eq", &quote!(a, "{self}", "{self}")), Some(4));
        assert_eq!(find("info", &quote!(target: "a", x = 1, "{self}")), Some(8));
    }

    #[test]
    fn other_literals_are_no_format_strings() {
        assert_eq!(find("println", &quote!(f(), "{self}")), None);
        assert_eq!(find("assert_eq", &quote!(a, "{self}")), None);
        assert_eq!(find("vec", &quote!("{self}")), None);
    }

    #[test]
    fn only_captures_of_self_are_renamed() {
        for (text, expected) in [
            (r#""{self}{self:?}""#, r#""{me}{me:?}""#),
            (r#""{{self}} {{{self}}}""#, r#""{{self}} {{{me}}}""#),
            (r#"r"{self:>8} {selfish}""#, r#"r"{me:>8} {selfish}""#),
            (r#""{self""#, r#""{self""#),
            (r#"b"{self}""#, r#"b"{self}""#),
        ] {
            let literal: Literal = text.parse().expect("the test's own text is a literal");
            assert_eq!(rename_self(literal, "me").to_string(), expected);
        }
    }
}
