//! [`Errors`]: everything that is wrong with one use of the attribute, reported together.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// The complaints collected so far.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// Adds a complaint.
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(all) => all.combine(error),
            none => *none = Some(error),
        }
    }

    /// Adds a complaint about the given tokens.
    pub(crate) fn at(&mut self, tokens: &impl ToTokens, message: impl std::fmt::Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Adds a complaint about one place.
    pub(crate) fn here(&mut self, place: Span, message: impl std::fmt::Display) {
        self.push(syn::Error::new(place, message));
    }

    /// One `compile_error!` per complaint.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.map(|error| resolvable(error.to_compile_error())).unwrap_or_default()
    }
}

/// `::std::compile_error!` instead of `::core::…`.
///
/// The tokens lie where the user's do and are of the user's edition: in 2015 a path that starts with
/// `::` starts at the crate root, where there is always a `std`, but no `core`.
fn resolvable(tokens: TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Ident(ident) if ident == "core" => {
                TokenTree::Ident(Ident::new("std", ident.span()))
            }
            other => other,
        })
        .collect()
}
