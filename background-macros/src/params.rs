//! A parameter's way from the wrapper into the body.
//!
//! ```text
//! fn f(mut a: String, (x, _): (u8, Vec<u8>))          the user's
//! fn f(a: String, __arg1: (u8, Vec<u8>))              the wrapper's: `signature`
//!     let a = argument::<String>().send(a);           on the calling thread: `depart`
//!     let __arg1 = argument::<(u8, Vec<u8>)>().send(__arg1);
//!         let mut a = a.into_inner();                 in the body: `arrive`
//!         let __arg1 = __arg1.into_inner();
//!         let (x, _) = __arg1;
//! ```
//!
//! A parameter that no name is bound to is moved like the others, so that it is dropped where and when
//! it would be without the attribute: at the end of the body.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Attribute, Generics, Pat, PatType, Type};

use crate::args::{Args, Krate};
use crate::post::post;
use crate::span::{ends, hygienic};
use crate::types::{inferred, mentions, reference};

/// A parameter other than `self`.
pub(crate) struct Param<'a> {
    source: &'a PatType,
    /// What the wrapper calls it.
    name: Ident,
    /// Whether the pattern is just a name, perhaps `mut`.
    plain: bool,
    /// Whether `to_owned` copies it.
    copied: bool,
    /// Whether it goes to another process.
    posted: bool,
    /// The user's name for it, if an expression among the attribute's arguments may be using it.
    used: Option<Ident>,
}

impl<'a> Param<'a> {
    /// The parameter in this position.
    pub(crate) fn new(source: &'a PatType, position: usize, args: &Args) -> Self {
        let used = match &*source.pat {
            Pat::Ident(pat) if args.mentions(&pat.ident.to_string()) => Some(pat.ident.clone()),
            _ => None,
        };
        let (name, plain) = match &*source.pat {
            Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => {
                (wrapper_name(&pat.ident, args), true)
            }
            pat => {
                let span = ends(pat).0;
                (format_ident!("__arg{position}", span = span), false)
            }
        };
        Self {
            source,
            name,
            plain,
            copied: args.to_owned && reference(&source.ty).is_some_and(copied),
            posted: args.process,
            used,
        }
    }

    /// Where a complaint belongs that the parameter's type is not `'static`, if nothing else makes it.
    pub(crate) fn doubtful(&self, generics: &Generics) -> Option<Span> {
        nameless(&self.source.ty, generics).then(|| ends(&self.source.ty).0)
    }

    /// The parameter in the wrapper's signature.
    pub(crate) fn signature(&self) -> TokenStream {
        let attrs = self.source.attrs.iter().filter(|attr| !expects(attr));
        let (name, ty) = (&self.name, &self.source.ty);
        quote!(#(#attrs)* #name: #ty)
    }

    /// The statement that packs the argument, on the calling thread.
    pub(crate) fn depart(&self, krate: &Krate, generics: &Generics) -> TokenStream {
        let attrs = self.source.attrs.iter().filter(|attr| local(attr) && !expects(attr));
        let name = &self.name;
        let value = if self.posted {
            post("argument", &self.source.ty, self.copied, name, krate)
        } else {
            pack(&self.source.ty, self.copied, name, krate, generics)
        };
        let span = hygienic(name.span());
        let absent = self.absent().map(|cfg| quote_spanned!(span=> #cfg let #name = ();));
        quote_spanned!(span=> #(#attrs)* let #name = #value; #absent)
    }

    /// Whether the body gets a reference to a copy.
    pub(crate) fn copied(&self) -> bool {
        self.copied
    }

    /// What the argument is called while it is on its way.
    pub(crate) fn name(&self) -> &Ident {
        &self.name
    }

    /// The condition under which the parameter is not there, and a unit travels in its place: what
    /// goes to another process is one tuple, whose parts are not left out by attributes.
    fn absent(&self) -> Option<TokenStream> {
        let conditions: Vec<&TokenStream> = self
            .source
            .attrs
            .iter()
            .filter(|attr| self.posted && attr.path().is_ident("cfg"))
            .filter_map(|attr| attr.meta.require_list().ok())
            .map(|list| &list.tokens)
            .collect();
        let span = hygienic(self.name.span());
        match conditions[..] {
            [] => None,
            [one] => Some(quote_spanned!(span=> #[cfg(not(#one))])),
            _ => Some(quote_spanned!(span=> #[cfg(not(all(#(#conditions),*)))])),
        }
    }

    /// The statements that unpack the argument, at the head of the body.
    pub(crate) fn arrive(&self) -> TokenStream {
        let unpack = self.unpack();
        // The wrapper has used it: the body need not, and the compiler should not ask for it.
        let used = self.used.iter().map(|name| {
            let attrs = self.source.attrs.iter().filter(|attr| local(attr) && !expects(attr));
            quote_spanned!(hygienic(name.span())=> #(#attrs)* let _ = &#name;)
        });
        quote!(#unpack #(#used)*)
    }

    fn unpack(&self) -> TokenStream {
        let (name, pat) = (&self.name, &self.source.pat);
        let span = hygienic(name.span());
        let attrs: Vec<&Attribute> = self.source.attrs.iter().filter(|attr| local(attr)).collect();
        let hidden: Vec<&Attribute> = attrs.iter().copied().filter(|attr| !expects(attr)).collect();
        let absent = self.absent().map(|cfg| quote_spanned!(span=> #cfg let () = #name;));
        let unpacked = quote_spanned!(span=> #name.into_inner());
        if self.copied {
            // The copy needs a name that outlives the pattern and cannot be seen.
            let copy = format_ident!("__copy", span = span);
            // What is posted lends the copy itself.
            let unpacked = if self.posted { quote!(#name) } else { unpacked };
            return quote_spanned! {span=>
                #absent
                #(#hidden)* let #copy = #unpacked;
                #(#attrs)* let #pat = #copy.lend();
            };
        }
        if self.plain {
            return quote_spanned!(span=> #absent #(#attrs)* let #pat = #unpacked;);
        }
        quote_spanned! {span=>
            #absent
            #(#hidden)* let #name = #unpacked;
            #(#attrs)* let #pat = #name;
        }
    }
}

/// The user's name for the parameter, so that the attribute's expressions can use it.
///
/// A name that starts with `_` is hidden if they do not: to move the argument is no use of it that
/// Clippy should complain about. (It minds one underscore, not two, and two is what
/// hidden names of this crate start with.)
fn wrapper_name(name: &Ident, args: &Args) -> Ident {
    let text = name.to_string();
    if text.starts_with('_') && !text.starts_with("__") && !args.mentions(&text) {
        Ident::new(&text, hygienic(name.span()))
    } else {
        name.clone()
    }
}

/// An expression that wraps the value of this name and type, so that it may leave the thread.
///
/// Its tokens lie where the type does, because this is where the compiler finds out that a type
/// cannot.
pub(crate) fn pack(
    ty: &Type,
    copied: bool,
    name: &Ident,
    krate: &Krate,
    generics: &Generics,
) -> TokenStream {
    let (span, end) = ends(ty);
    let krate = krate.at(span);
    let mut name = name.clone();
    name.set_span(name.span().located_at(span));
    let referent = reference(ty).filter(|_| copied).map(|found| &found.elem);
    let nothing = quote_spanned!(end=> ());
    match (nameless(ty, generics), referent) {
        (false, None) => {
            quote_spanned!(span=> #krate::__private::argument::<#ty> #nothing.send(#name))
        }
        (false, Some(ty)) => {
            quote_spanned!(span=> #krate::__private::copying::<#ty> #nothing.copy(#name))
        }
        (true, None) => quote_spanned!(span=> #krate::__private::bare(#name)),
        (true, Some(_)) => quote_spanned!(span=> #krate::__private::bare_copied(#name)),
    }
}

/// Whether the expansion leaves the type to inference: it cannot be written within a function, or
/// rustc has better advice about it than we.
pub(crate) fn nameless(ty: &Type, generics: &Generics) -> bool {
    inferred(ty).1 || mentions(ty, generics)
}

/// Whether `to_owned` concerns this reference; what is valid for ever can travel as it is.
pub(crate) fn copied(reference: &syn::TypeReference) -> bool {
    reference.mutability.is_none()
        && reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static")
}

/// Whether the attribute means something on a `let` as well.
fn local(attr: &Attribute) -> bool {
    ["cfg", "cfg_attr", "allow", "warn", "deny", "forbid", "expect"]
        .iter()
        .any(|name| attr.path().is_ident(name))
}

/// Whether the attribute may stand in one place only: an expectation is met once.
fn expects(attr: &Attribute) -> bool {
    attr.path().is_ident("expect")
}
