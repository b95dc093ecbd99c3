//! A function with the right type in place of one that was refused.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{ReturnType, Type};

use crate::args::Args;
use crate::item::Item;
use crate::signature::{result, signature};
use crate::stream::{self, Items};
use crate::types::{borrow, inferred, inner};

// Input:
//
//     #[background(timeout = 1s)]
//     fn f(a: &str) -> R { body }
//
// Output:
//
//     #[track_caller]
//     fn f(a: &str) -> Background<R, Timeout> {
//         refused(|| -> R { body })
//     }
/// The function with the user's own parameters and the return type it would have had.
///
/// Its callers compile, and so does its body, as the closure of an ordinary function: names and
/// imports are in use, and mistakes in it are reported along with the refusal.
pub(crate) fn fallback(args: &Args, item: &Item) -> TokenStream {
    let inputs = item.sig.inputs.to_token_stream();
    let span = Span::mixed_site();
    let Some(body) = &item.body else {
        let head = signature(args, item, &inputs);
        return quote_spanned!(span=> #head;);
    };
    let mut item_sig = item.sig.clone();
    if never(&item_sig.output) {
        item_sig.output = syn::parse_quote_spanned!(span=> -> ::core::convert::Infallible);
    }
    let readable =
        Item { attrs: item.attrs.clone(), vis: item.vis.clone(), sig: item_sig, body: None };
    let head = signature(args, &readable, &inputs);
    let mut block = Group::new(Delimiter::Brace, body.tokens.clone());
    block.set_span(body.braces);
    let returns = annotation(&item.sig.output);
    let krate = args.krate.at(span);
    let closure = if item.sig.asyncness.is_some() {
        quote_spanned!(span=> || #krate::__private::drive(async || #returns #block))
    } else {
        quote_spanned!(span=> || #returns #block)
    };
    let ty = result(&item.sig.output);
    let refused = if args.stream.is_none() {
        quote_spanned!(span=> refused)
    } else if matches!(stream::items(&item.sig.output), Items::In(_) | Items::None) {
        quote_spanned!(span=> streamed::refused_without_iterator)
    } else {
        quote_spanned!(span=> streamed::refused)
    };
    let body = if borrow(&ty).is_some() && !inferred(&ty).1 {
        // The body may need a coercion that only the refused type would ask for.
        quote_spanned!(span=> let _ = #closure; ::core::unreachable!())
    } else {
        quote_spanned!(span=> #krate::__private::#refused(#closure))
    };
    quote_spanned!(span=> #head { #body })
}

/// The closure's return type, unless that is what was refused.
fn annotation(output: &ReturnType) -> Option<TokenStream> {
    let ty = result(output);
    if never(output) || borrow(&ty).is_some() {
        return None;
    }
    let ty = inferred(&ty).0;
    Some(quote_spanned!(Span::mixed_site()=> -> #ty))
}

fn never(output: &ReturnType) -> bool {
    matches!(output, ReturnType::Type(_, ty) if matches!(inner(ty), Type::Never(_)))
}
