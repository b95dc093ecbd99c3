//! The receiver's way from the wrapper into the body.
//!
//! ```text
//! self, mut self, self: Arc<Self>, …      captured by the closure as it is
//! the same with `process`                 sent like an argument, and renamed in the body
//! &self with `to_owned`                   copied, and renamed in the body (see `owned_self`)
//! ```

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::{Generics, Receiver, ReceiverKind, Type};

use crate::args::Args;
use crate::owned_self;
use crate::params::{copied, pack};
use crate::post::post;
use crate::span::hygienic;
use crate::types::reference;

/// A method's `self`.
pub(crate) struct This<'a> {
    source: &'a Receiver,
    ty: Type,
    route: Route,
}

/// How `self` gets into the body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Route {
    /// As it is.
    Captured,
    /// Wrapped, to another process.
    Posted,
    /// As a copy of what the reference refers to.
    Copied,
}

impl<'a> This<'a> {
    /// The receiver.
    pub(crate) fn new(source: &'a Receiver, args: &Args) -> Self {
        let span = source.self_token.span;
        let this = Ident::new("Self", span);
        let ty = match &source.kind {
            ReceiverKind::Reference(and, lifetime, mutability) => {
                syn::parse_quote_spanned!(hygienic(and.span)=> & #lifetime #mutability #this)
            }
            ReceiverKind::Typed(_, ty) => (**ty).clone(),
            _ => syn::parse_quote_spanned!(span=> #this),
        };
        let route = match reference(&ty) {
            Some(found) if args.to_owned && copied(found) => Route::Copied,
            _ if args.process => Route::Posted,
            _ => Route::Captured,
        };
        Self { source, ty, route }
    }

    /// Whether the body's `self` has another name.
    pub(crate) fn renamed(&self) -> bool {
        self.route != Route::Captured
    }

    /// Whether the body gets a reference to a copy.
    pub(crate) fn copied(&self) -> bool {
        self.route == Route::Copied
    }

    /// That other name.
    pub(crate) fn name(&self) -> Ident {
        owned_self::name(self.source.self_token.span)
    }

    /// Where a complaint about `self` belongs.
    pub(crate) fn span(&self) -> Span {
        hygienic(self.source.self_token.span)
    }

    /// The receiver in the wrapper's signature, where nothing changes one that has another name in the
    /// body.
    pub(crate) fn signature(&self) -> TokenStream {
        let mut receiver = self.source.clone();
        receiver.mutability = receiver.mutability.filter(|_| !self.renamed());
        receiver.to_token_stream()
    }

    /// The statement that packs what travels under another name, on the calling thread.
    pub(crate) fn depart(&self, args: &Args, generics: &Generics) -> TokenStream {
        if !self.renamed() {
            return TokenStream::new();
        }
        let copied = self.route == Route::Copied;
        let (name, this) = (self.name(), Ident::new("self", self.source.self_token.span));
        let value = if args.process {
            post("receiver", &self.ty, copied, &this, &args.krate)
        } else {
            pack(&self.ty, copied, &this, &args.krate, generics)
        };
        quote_spanned!(self.span()=> let #name = #value;)
    }

    /// The statements that make `self` the body's, at its head.
    pub(crate) fn arrive(&self, args: &Args) -> TokenStream {
        let span = self.span();
        let mutability = &self.source.mutability;
        let name = self.name();
        let copy = format_ident!("__copy", span = span);
        match self.route {
            // Without a use the closure would leave `self` behind, to be dropped by the caller.
            Route::Captured => {
                let this = &self.source.self_token;
                quote_spanned!(span=> let _ = &#this;)
            }
            Route::Posted => quote_spanned!(span=> let #mutability #name = #name.into_inner();),
            Route::Copied => {
                let unwrap = (!args.process).then(|| quote_spanned!(span=> .into_inner()));
                quote_spanned! {span=>
                    let #copy = #name #unwrap;
                    let #mutability #name = #copy.lend();
                }
            }
        }
    }
}
