//! Where generated tokens claim to be, and whose names they see.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// A span that points at `place` but whose local names nobody else can see, and whose edition is
/// this crate's.
pub(crate) fn hygienic(place: Span) -> Span {
    Span::mixed_site().located_at(place)
}

/// Hygienic spans at the first and at the last of the tokens.
///
/// Code whose first token has the one and whose last token has the other is underlined by rustc
/// exactly as far as the user's tokens reach; joining two spans is not possible on stable Rust.
pub(crate) fn ends(tokens: &impl ToTokens) -> (Span, Span) {
    let mut spans = tokens.to_token_stream().into_iter().map(|token| hygienic(token.span()));
    let first = spans.next().unwrap_or_else(Span::mixed_site);
    (first, spans.last().unwrap_or(first))
}

/// The only tree in a stream, looked for through invisible delimiters: what `$b:block` leaves.
pub(crate) fn sole_tree(tokens: TokenStream) -> Option<proc_macro2::TokenTree> {
    use proc_macro2::{Delimiter, TokenTree};
    let mut trees = tokens.into_iter();
    let tree = trees.next()?;
    if trees.next().is_some() {
        return None;
    }
    match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            sole_tree(group.stream())
        }
        tree => Some(tree),
    }
}
