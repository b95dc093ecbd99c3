//! Where the library is found.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Path, Token};

/// The path of the library, which every generated path starts with.
pub(crate) struct Krate(Path);

impl Krate {
    /// The path that `crate = …` gives.
    pub(crate) fn new(path: Path) -> Self {
        Self(path)
    }

    /// The path, as if it were written in this place; names keep the meaning they have where they
    /// come from.
    ///
    /// rustc underlines an expression from its first token on, and this is the first of many.
    pub(crate) fn at(&self, place: Span) -> TokenStream {
        self.0
            .to_token_stream()
            .into_iter()
            .map(|mut token: TokenTree| {
                token.set_span(token.span().located_at(place));
                token
            })
            .collect()
    }
}

impl Default for Krate {
    fn default() -> Self {
        let mut path = Path::from(Ident::new("background", Span::mixed_site()));
        path.leading_colon = Some(Token![::](Span::mixed_site()));
        Self(path)
    }
}
