//! The signature that callers see: the user's, except for what it returns.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, ReturnType, Type};

use crate::args::{Args, Sentinel};
use crate::item::Item;
use crate::span::ends;
use crate::stream;

// Input:
//
//     #[must_use] pub async fn f<T>(a: A, _: B) -> R where T: Send
//
// Output, given the wrapper's `inputs`:
//
//     #[track_caller] pub fn f<T>(a: A, __arg1: B) -> Background<R> where T: Send
/// The function up to its body.
pub(crate) fn signature(args: &Args, item: &Item, inputs: &TokenStream) -> TokenStream {
    let sig = &item.sig;
    let attrs = item.attrs.iter().filter(|attr| !redundant(attr));
    let vis = &item.vis;
    let (safety, fn_token, name, generics) =
        (&sig.safety, &sig.fn_token, &sig.ident, &sig.generics);
    let bounds = &generics.where_clause;
    let span = Span::mixed_site();
    let krate = args.krate.at(span);
    let sentinel = match args.sentinel() {
        Sentinel::Infallible => None,
        Sentinel::Timeout => Some(Ident::new("Timeout", span)),
        Sentinel::Failure => Some(Ident::new("Failure", span)),
    };
    let sentinel = sentinel.map(|name| quote_spanned!(span=> , #krate::__private::#name));
    let output = if args.stream.is_some() {
        // A type that is no iterator is found out here, and underlined from the first token to the last.
        let (start, end) = match &sig.output {
            ReturnType::Type(_, ty) => ends(ty),
            ReturnType::Default => (span, span),
        };
        let item = stream::item(&sig.output, &args.krate);
        let krate = args.krate.at(start);
        let close = quote_spanned!(end=> >);
        quote_spanned!(start=> -> #krate::__private::streamed::BackgroundIter<#item #sentinel #close)
    } else {
        let result = result(&sig.output);
        quote_spanned!(span=> -> #krate::__private::Background<#result #sentinel>)
    };
    // The library finds the call site through this; and in a declaration, which the attribute cannot
    // tell from a foreign function, it makes rustc refuse the latter.
    let track = quote_spanned!(span=> #[track_caller]);
    quote! {
        #(#attrs)*
        #track
        #vis #safety #fn_token #name #generics (#inputs) #output #bounds
    }
}

/// What the body evaluates to.
pub(crate) fn result(output: &ReturnType) -> Type {
    match output {
        ReturnType::Type(_, ty) => (**ty).clone(),
        ReturnType::Default => syn::parse_quote_spanned!(Span::mixed_site()=> ()),
    }
}

/// `track_caller`, which every wrapper has, and a `must_use` that says no more than the one on
/// `Background`, which Clippy would call double.
fn redundant(attr: &Attribute) -> bool {
    attr.path().is_ident("track_caller")
        || matches!(&attr.meta, syn::Meta::Path(path) if path.is_ident("must_use"))
}
