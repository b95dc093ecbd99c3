//! The argument `stream`.

use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::{Expr, LitBool, Token};

use super::count::LOOK_AHEAD;
use super::values::{expression, flag};

/// That the body makes an iterator.
pub(crate) struct Streaming {
    /// How many items may be ready that nobody has asked for, if that was said.
    pub(crate) look_ahead: Option<Expr>,
}

impl Streaming {
    /// Reads what follows the `key`: nothing, `= true`, `= false` or `= 64`. The second is what is wrong.
    ///
    /// With a bad look-ahead it is still a stream: the function's type depends on it.
    pub(super) fn parse(key: &Ident, input: ParseStream<'_>) -> (Option<Self>, syn::Result<()>) {
        let streaming = |look_ahead| Some(Self { look_ahead });
        if input.peek(syn::token::Paren) {
            let message = "`stream` takes no parentheses: write `stream = 64`";
            return (streaming(None), Err(syn::Error::new(key.span(), message)));
        }
        if !input.peek(Token![=]) || input.peek2(LitBool) {
            return match flag(key, input) {
                Ok(on) => (streaming(None).filter(|_| on), Ok(())),
                Err(error) => (streaming(None), Err(error)),
            };
        }
        let value = expression(key, input, "a number of items: `stream = 64`");
        match value.and_then(|value| LOOK_AHEAD.parse(value)) {
            Ok(value) => (streaming(Some(value)), Ok(())),
            Err(error) => (streaming(None), Err(error)),
        }
    }
}
