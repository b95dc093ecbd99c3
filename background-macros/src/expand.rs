//! From the attribute's two token streams to one.

use proc_macro2::TokenStream;
use quote::quote;

use crate::args;
use crate::check::{Verdict, check};
use crate::errors::Errors;
use crate::fallback::fallback;
use crate::item::{Item, closure, misplaced};
use crate::wrapper::wrapper;

/// What the attribute makes of its arguments and of the item below it.
///
/// Never fails: what is wrong becomes `compile_error!`s behind an item of the same name.
pub(crate) fn expand(args: TokenStream, tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let args = args::parse(args, &mut errors);
    let mut output = match syn::parse2::<Item>(tokens.clone()) {
        Ok(mut item) => match check(&mut item, &args, &mut errors) {
            Verdict::Sound => wrapper(&args, &item),
            Verdict::Unsound => fallback(&args, &item),
            Verdict::Foreign => tokens,
        },
        Err(error) => {
            errors.push(misplaced(&tokens, error));
            if closure(&tokens) {
                let errors = errors.into_tokens();
                return quote!({ #errors #tokens });
            }
            tokens
        }
    };
    output.extend(errors.into_tokens());
    output
}
