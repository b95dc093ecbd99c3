//! `to_owned` for `&self`: the body's `self` becomes the task's own copy.
//!
//! `self` cannot be rebound, so the copy has another name and the tokens of the body are renamed, in
//! the arguments of macros as well, where nothing is parsed. The renamed token keeps its span, and so
//! sees what the user's `self` saw.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};

use crate::format_strings;

/// What the body calls its copy of `self`.
///
/// Not a hygienic name: it has to be seen by format strings whose other captures are the user's.
const NAME: &str = "__background_self";

/// The name of the copy, as seen from where this `self` token is.
pub(crate) fn name(place: Span) -> Ident {
    Ident::new(NAME, place)
}

/// The body with every `self` of its own renamed.
///
/// Left alone: paths (`self::x`), `use` declarations, `pub(self)`, and items that have a `self` of
/// their own.
pub(crate) fn rename(body: TokenStream) -> TokenStream {
    let mut input = body.into_iter().peekable();
    let mut output = TokenStream::new();
    let mut called = Call::None;
    while let Some(token) = input.next() {
        let call = called.then(&token);
        match token {
            TokenTree::Ident(word) if word == "self" => {
                let path = input.peek().is_some_and(colon);
                let word = if path { word } else { name(word.span()) };
                output.extend([TokenTree::Ident(word)]);
            }
            TokenTree::Ident(word) if word == "use" => {
                output.extend([TokenTree::Ident(word)]);
                pass(
                    &mut input,
                    &mut output,
                    |token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';'),
                );
            }
            TokenTree::Ident(word) if word == "impl" || word == "trait" => {
                output.extend([TokenTree::Ident(word)]);
                pass(
                    &mut input,
                    &mut output,
                    |token| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace),
                );
            }
            TokenTree::Ident(word) if word == "pub" => {
                output.extend([TokenTree::Ident(word)]);
                if matches!(input.peek(), Some(TokenTree::Group(_))) {
                    output.extend(input.next());
                }
            }
            TokenTree::Group(group) => {
                let content = match called {
                    Call::Macro(name) => arguments(&name, group.stream()),
                    _ => group.stream(),
                };
                let mut copy = Group::new(group.delimiter(), rename(content));
                copy.set_span(group.span());
                output.extend([TokenTree::Group(copy)]);
            }
            other => output.extend([other]),
        }
        called = call;
    }
    output
}

/// How much of a macro call the last tokens are.
enum Call {
    None,
    /// `name`
    Name(String),
    /// `name !`
    Macro(String),
}

impl Call {
    fn then(&self, token: &TokenTree) -> Self {
        match (self, token) {
            (_, TokenTree::Ident(word)) => Self::Name(word.to_string()),
            (Self::Name(name), TokenTree::Punct(punct)) if punct.as_char() == '!' => {
                Self::Macro(name.clone())
            }
            _ => Self::None,
        }
    }
}

/// The arguments of a macro with the captures in its format string renamed.
fn arguments(macro_name: &str, tokens: TokenStream) -> TokenStream {
    let format_string = format_strings::find(macro_name, &tokens);
    tokens
        .into_iter()
        .enumerate()
        .map(|(position, token)| match token {
            TokenTree::Literal(literal) if Some(position) == format_string => {
                TokenTree::Literal(format_strings::rename_self(literal, NAME))
            }
            other => other,
        })
        .collect()
}

/// Whether this is the first half of `::`.
fn colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct)
        if punct.as_char() == ':' && punct.spacing() == Spacing::Joint)
}

/// Copies tokens unchanged, up to and including the first that ends the passage.
fn pass(
    input: &mut impl Iterator<Item = TokenTree>,
    output: &mut TokenStream,
    ends: impl Fn(&TokenTree) -> bool,
) {
    for token in input {
        let last = ends(&token);
        output.extend([token]);
        if last {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::rename;
    use proc_macro2::TokenStream;
    use quote::quote;

    fn same(input: TokenStream, expected: &TokenStream) {
        assert_eq!(rename(input).to_string(), expected.to_string());
    }

    #[test]
    fn uses_are_renamed_at_any_depth() {
        same(
            quote!(self.a + f(self, || { self.b })),
            &quote!(__background_self.a + f(__background_self, || { __background_self.b })),
        );
        same(quote!(vec![self.a; 2]), &quote!(vec![__background_self.a; 2]));
        same(
            quote!(if ready { self } else { other }),
            &quote!(if ready { __background_self } else { other }),
        );
    }

    #[test]
    fn captures_in_format_strings_are_renamed() {
        same(
            quote!(println!("{self} {self:?} {{self}} {x}")),
            &quote!(println!("{__background_self} {__background_self:?} {{self}} {x}")),
        );
        same(
            quote!(f(write!(g(self), "{self:>8}"))),
            &quote!(f(write!(g(__background_self), "{__background_self:>8}"))),
        );
        same(quote!(f("{self}")), &quote!(f("{self}")));
        same(quote!(vec!["{self}"]), &quote!(vec!["{self}"]));
    }

    #[test]
    fn paths_and_items_keep_their_own() {
        for tokens in [
            quote!(self::helper()),
            quote!(
                use a::{self, b};
            ),
            quote!(
                pub(self) fn f() {}
            ),
            quote!(impl A { fn f(&self) -> u8 { self.0 } }),
            quote!(
                trait A {
                    fn f(&self) -> u8 {
                        self.g()
                    }
                }
            ),
            quote!(
                fn f(x: impl Fn()) -> impl Fn() {
                    x
                }
            ),
        ] {
            same(tokens.clone(), &tokens);
        }
        same(
            quote!(struct A; impl A { fn f(self) {} } self.g()),
            &quote!(struct A; impl A { fn f(self) {} } __background_self.g()),
        );
    }
}
