//! What goes to another process: the arguments, each with its proof, as one tuple; and the limits.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::Type;

use crate::args::{Args, Krate};
use crate::span::ends;
use crate::types::{inferred, reference};

/// The longest tuple that serde knows.
const LONGEST: usize = 16;

/// An expression that wraps the value of this name and type, so that it may leave the process; `word`
/// says what it is there: an `argument` or the `receiver`.
///
/// Its tokens lie where the type does, because this is where the compiler finds out that a type
/// cannot.
pub(crate) fn post(
    word: &str,
    ty: &Type,
    copied: bool,
    name: &Ident,
    krate: &Krate,
) -> TokenStream {
    let (span, end) = ends(ty);
    let krate = krate.at(span);
    let mut name = name.clone();
    name.set_span(name.span().located_at(span));
    let referent = reference(ty).filter(|_| copied).map(|found| &found.elem);
    let nothing = quote_spanned!(end=> ());
    let word = Ident::new(word, span);
    match (inferred(ty).1, referent) {
        (false, None) => {
            quote_spanned!(span=> #krate::__private::travel::#word::<#ty, _> #nothing.post(#name))
        }
        (false, Some(ty)) => {
            quote_spanned!(span=> #krate::__private::travel::copying::<#ty, _, _> #nothing.post(#name))
        }
        (true, None) => quote_spanned!(span=> #krate::__private::travel::bare(#name)),
        (true, Some(_)) => quote_spanned!(span=> #krate::__private::travel::bare_copied(#name)),
    }
}

/// The names as one tuple, which is an expression and a pattern.
///
/// More names than serde's tuples have parts make a tuple of tuples.
pub(crate) fn tuple(parts: &[TokenStream]) -> TokenStream {
    let span = Span::mixed_site();
    if parts.len() > LONGEST {
        let size = parts.len().div_ceil(LONGEST).max(LONGEST);
        return tuple(&parts.chunks(size).map(tuple).collect::<Vec<_>>());
    }
    // One part alone needs its comma, and more than one Clippy wants without.
    let comma = (parts.len() == 1).then(|| quote_spanned!(span=> ,));
    let content = quote_spanned!(span=> #(#parts),* #comma);
    let mut group = Group::new(Delimiter::Parenthesis, content);
    group.set_span(span);
    TokenTree::Group(group).into_token_stream()
}

/// The limits that the attribute sets.
pub(crate) fn limits(args: &Args) -> TokenStream {
    let span = Span::mixed_site();
    let krate = args.krate.at(span);
    let mut limits = quote_spanned!(span=> #krate::__private::travel::Limits::new());
    if let Some(size) = &args.memory {
        let bytes = size.expand();
        limits.extend(quote_spanned!(span=> .memory(#bytes)));
    }
    if let Some(time) = &args.cpu {
        let time = time.expand(&args.krate);
        limits.extend(quote_spanned!(span=> .cpu(#time)));
    }
    if let Some(calls) = &args.max_calls {
        limits.extend(quote_spanned!(span=> .max_calls(#calls)));
    }
    limits
}
