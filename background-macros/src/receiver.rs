//! The receiver's way from the wrapper into the body.
//!
//! ```text
//! self, mut self, self: Arc<Self>, …      captured by the closure as it is
//! &self with `to_owned`                   copied, and renamed in the body (see `owned_self`)
//! ```

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::{Generics, Receiver, ReceiverKind, Type};

use crate::args::Krate;
use crate::owned_self;
use crate::params::{copied, pack};
use crate::span::hygienic;
use crate::types::reference;

/// A method's `self`.
pub(crate) struct This<'a> {
    source: &'a Receiver,
    /// The type of the reference, if `to_owned` copies what it refers to.
    copied: Option<Type>,
}

impl<'a> This<'a> {
    /// The receiver.
    pub(crate) fn new(source: &'a Receiver, to_owned: bool) -> Self {
        let span = source.self_token.span;
        let ty = match &source.kind {
            ReceiverKind::Reference(and, lifetime, None) => {
                let this = Ident::new("Self", span);
                Some(syn::parse_quote_spanned!(hygienic(and.span)=> & #lifetime #this))
            }
            ReceiverKind::Typed(_, ty) => Some((**ty).clone()),
            _ => None,
        };
        let copied = ty.filter(|ty| to_owned && reference(ty).is_some_and(copied));
        Self { source, copied }
    }

    /// Whether the body's `self` is the task's own copy.
    pub(crate) fn copied(&self) -> bool {
        self.copied.is_some()
    }

    /// Where a complaint about `self` belongs.
    pub(crate) fn span(&self) -> Span {
        hygienic(self.source.self_token.span)
    }

    /// The receiver in the wrapper's signature.
    pub(crate) fn signature(&self) -> TokenStream {
        self.source.to_token_stream()
    }

    /// The statement that packs the copy, on the calling thread.
    pub(crate) fn depart(&self, krate: &Krate, generics: &Generics) -> TokenStream {
        let Some(ty) = &self.copied else {
            return TokenStream::new();
        };
        let place = self.source.self_token.span;
        let name = owned_self::name(place);
        let value = pack(ty, true, &Ident::new("self", place), krate, generics);
        quote_spanned!(self.span()=> let #name = #value;)
    }

    /// The statements that make `self` the body's, at its head.
    pub(crate) fn arrive(&self) -> TokenStream {
        let span = self.span();
        let this = &self.source.self_token;
        if self.copied.is_none() {
            // Without a use the closure would leave `self` behind, to be dropped by the caller.
            return quote_spanned!(span=> let _ = &#this;);
        }
        let mutability = &self.source.mutability;
        let name = owned_self::name(this.span);
        let copy = format_ident!("__copy", span = span);
        quote_spanned! {span=>
            let #copy = #name.into_inner();
            let #mutability #name = #copy.lend();
        }
    }
}
