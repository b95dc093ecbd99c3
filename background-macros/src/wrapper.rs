//! The function that starts the body.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::{FnArg, ReturnType, Type};

use crate::args::{Args, Place};
use crate::call::call;
use crate::checkpoints;
use crate::item::{Body, Item};
use crate::owned_self;
use crate::params::Param;
use crate::post::{limits, tuple};
use crate::receiver::This;
use crate::signature::{result, signature};
use crate::span::{ends, hygienic};
use crate::stream;
use crate::types::{elided, inferred, mentions};

// Input:
//
//     #[background(timeout = 1s)]
//     pub fn f(mut a: A) -> R { body }
//
// Output:
//
//     #[track_caller]
//     pub fn f(a: A) -> Background<R, Timeout> {
//         let __call = call({ static __SITE: Site = …; &__SITE }).timeout(Duration::new(1, 0));
//         let a = argument::<A>().send(a);
//         let __body = Body::new(move || -> R { let mut a = a.into_inner(); body });
//         spawn::<R, _, _, _>(__call, __body)
//     }
//
// With `process`, the body is a closure that captures nothing, by which the other process finds it, and
// what it needs is its argument:
//
//     pub fn f(a: A) -> Background<R> {
//         let __call = call({ static __SITE: Site = …; &__SITE }).process();
//         let __limits = Limits::new();
//         let a = argument::<A, _>().post(a);
//         let __body = |(a,)| -> R { let mut a = a.into_inner(); body };
//         start::<R, _, _, _, _, _>(__call, __limits, (a,), __body)
//     }
//
// With `stream`, the body returns an iterator of `R`s:
//
//         streamed::stream::<_, R, _, _, _>(__call, __body)
/// The background function; a declaration gets the signature of one.
pub(crate) fn wrapper(args: &Args, item: &Item) -> TokenStream {
    let wrapper = Wrapper::new(args, item);
    let head = signature(args, item, &wrapper.inputs());
    let span = Span::mixed_site();
    let Some(body) = &item.body else {
        return quote_spanned!(span=> #head;);
    };
    let call = call(args, item);
    let started = Ident::new("__call", span);
    let start = wrapper.start(&started, body);
    let block = if matches!(args.place, Some(Place::On(_))) {
        // A strategy that is a temporary lives as long as the scrutinee: until the task is started.
        quote_spanned!(span=> match #call { #started => { #start } })
    } else {
        quote_spanned!(span=> let #started = #call; #start)
    };
    quote_spanned!(span=> #head { #block })
}

struct Wrapper<'a> {
    args: &'a Args,
    item: &'a Item,
    this: Option<This<'a>>,
    params: Vec<Param<'a>>,
}

impl<'a> Wrapper<'a> {
    fn new(args: &'a Args, item: &'a Item) -> Self {
        let mut this = None;
        let mut params = Vec::new();
        for (position, input) in item.sig.inputs.iter().enumerate() {
            match input {
                FnArg::Receiver(receiver) => this = Some(This::new(receiver, args)),
                FnArg::Typed(source) => params.push(Param::new(source, position, args)),
            }
        }
        Self { args, item, this, params }
    }

    fn inputs(&self) -> TokenStream {
        // Without a body there is nothing to unpack, and patterns are not allowed.
        if self.item.body.is_none() {
            return self.item.sig.inputs.to_token_stream();
        }
        let this = self.this.iter().map(This::signature);
        let params = self.params.iter().map(Param::signature);
        let inputs = this.chain(params);
        quote_spanned!(Span::mixed_site()=> #(#inputs),*)
    }

    /// The statements that pack the arguments and start the body.
    fn start(&self, call: &Ident, body: &Body) -> TokenStream {
        let krate = &self.args.krate;
        let generics = &self.item.sig.generics;
        let this = self.this.iter().map(|this| this.depart(self.args, generics));
        let params = self.params.iter().map(|param| param.depart(krate, generics));
        let departures = this.chain(params);
        let here = Span::mixed_site();
        if self.args.process {
            let limits = limits(self.args);
            let start = self.send(call, body);
            // The user's expressions come before the arguments move.
            return quote_spanned!(here=> let __limits = #limits; #(#departures)* #start);
        }
        let closure = self.closure(body);
        // Whether the closure can travel depends on `self` alone, as arguments are packed.
        let blame = self.this.as_ref().map_or_else(Span::mixed_site, This::span);
        let held = Ident::new("__body", blame);
        let start = self.spawn(&quote_spanned!(blame=> #call, #held));
        let krate = krate.at(here);
        quote_spanned! {here=>
            #(#departures)*
            let #held = #krate::__private::Body::new(#closure);
            #start
        }
    }

    /// The body as a closure that captures the arguments.
    fn closure(&self, body: &Body) -> TokenStream {
        let span = Span::mixed_site();
        if self.lends() {
            let lent = self.lend(body);
            return quote_spanned!(span=> move || #lent);
        }
        let block = self.block(body);
        let result = self.result();
        if self.item.sig.asyncness.is_some() {
            quote_spanned!(span=> async move || -> #result #block)
        } else {
            quote_spanned!(span=> move || -> #result #block)
        }
    }

    /// Whether the body is that of a stream which may hold on to copies of its arguments.
    fn lends(&self) -> bool {
        let copied = self.this.as_ref().is_some_and(This::copied);
        self.args.stream.is_some() && (copied || self.params.iter().any(Param::copied))
    }

    /// An iterator that keeps the copies as long as it lasts: they are unpacked outside of the closure
    /// that makes the items, and everything else in it.
    fn lend(&self, body: &Body) -> TokenStream {
        let this = self.this.iter().filter(|this| this.copied()).map(|this| this.arrive(self.args));
        let params = self.params.iter().filter(|param| param.copied()).map(Param::arrive);
        let copies = this.chain(params);
        let block = self.block(body);
        // Lifetimes are those of the copies, which the signature does not know.
        let result = elided(&self.result());
        let span = Span::mixed_site();
        let krate = self.args.krate.at(span);
        quote_spanned! {span=>
            #krate::__private::streamed::lend(move |__hand| async move {
                #(#copies)*
                __hand.fill(move || -> #result #block).await;
            })
        }
    }

    /// Arguments are unpacked and the user's code follows in one block, whose braces are the user's. (A
    /// block within would be an unused pair of braces.)
    fn block(&self, body: &Body) -> TokenTree {
        let lends = self.lends();
        let this = self.this.iter().filter(|this| !(lends && this.copied()));
        let params = self.params.iter().filter(|param| !(lends && param.copied()));
        let this = this.map(|this| this.arrive(self.args));
        let params = params.map(Param::arrive);
        let mut tokens: TokenStream = this.chain(params).collect();
        let mut code = body.tokens.clone();
        if self.this.as_ref().is_some_and(This::renamed) {
            code = owned_self::rename(code);
        }
        if self.args.killable() {
            // The code of an iterator stands in closures.
            let closures = self.args.stream.is_some();
            code = checkpoints::inject(code, &self.args.krate, closures);
        }
        tokens.extend(code);
        let mut block = Group::new(Delimiter::Brace, tokens);
        // Clippy minds items after statements, and now there are statements before them; in blocks that
        // a macro made it does not.
        block.set_span(if body.starts_with_item() { hygienic(body.braces) } else { body.braces });
        TokenTree::Group(block)
    }

    /// The call that sends the arguments, as one tuple, to another process, where a closure that
    /// captures nothing is the body.
    fn send(&self, call: &Ident, body: &Body) -> TokenStream {
        let this = self.this.iter().map(This::name);
        let params = self.params.iter().map(|param| param.name().clone());
        let names: Vec<TokenStream> = this.chain(params).map(ToTokens::into_token_stream).collect();
        let tuple = tuple(&names);
        let here = Span::mixed_site();
        if self.lends() {
            let lent = self.lend(body);
            return self.send_body(call, &tuple, &quote_spanned!(here=> |#tuple| #lent));
        }
        let block = self.block(body);
        let result = self.result();
        let body = if self.item.sig.asyncness.is_some() {
            let krate = self.args.krate.at(here);
            quote_spanned! {here=>
                |#tuple| #krate::__private::drive(async move || -> #result #block)
            }
        } else {
            quote_spanned!(here=> |#tuple| -> #result #block)
        };
        self.send_body(call, &tuple, &body)
    }

    fn send_body(&self, call: &Ident, tuple: &TokenStream, body: &TokenStream) -> TokenStream {
        let result = self.made();
        let span = self.blame();
        let krate = self.args.krate.at(span);
        if self.args.stream.is_some() {
            let item = stream::inferred_item(&self.item.sig.output, &self.args.krate);
            return quote_spanned! {span=>
                #krate::__private::streamed::start::<#result, #item, _, _, _, _, _>(
                    #call, __limits, #tuple, #body,
                )
            };
        }
        quote_spanned! {span=>
            #krate::__private::travel::start::<#result, _, _, _, _, _>(
                #call, __limits, #tuple, #body,
            )
        }
    }

    /// Where the call that starts the body claims to be.
    ///
    /// There the compiler finds out that a type cannot be returned, for which the return type among its
    /// tokens is blamed, and that a generic argument is not `'static`, for which the whole is.
    fn blame(&self) -> Span {
        let span = match &self.item.sig.output {
            ReturnType::Type(_, ty) => ends(ty).0,
            ReturnType::Default => Span::mixed_site(),
        };
        let generics = &self.item.sig.generics;
        let doubtful = self.params.iter().find_map(|param| param.doubtful(generics));
        doubtful.unwrap_or(span)
    }

    /// The call that starts the body.
    fn spawn(&self, inputs: &TokenStream) -> TokenStream {
        let generics = &self.item.sig.generics;
        let span = self.blame();
        let bare = mentions(&result(&self.item.sig.output), generics);
        if self.args.stream.is_some() {
            return self.stream(inputs, bare);
        }
        let name = match (self.item.sig.asyncness.is_some(), bare) {
            (false, false) => "spawn",
            (false, true) => "spawn_bare",
            (true, false) => "spawn_async",
            (true, true) => "spawn_async_bare",
        };
        let name = Ident::new(name, hygienic(span));
        let result = self.result();
        let krate = self.args.krate.at(span);
        quote_spanned!(span=> #krate::__private::#name::<#result, _, _, _>(#inputs))
    }

    /// The call that starts the body of a stream.
    fn stream(&self, inputs: &TokenStream, bare: bool) -> TokenStream {
        let span = self.blame();
        let krate = self.args.krate.at(span);
        let name = Ident::new(if bare { "stream_bare" } else { "stream" }, hygienic(span));
        let result = self.made();
        let item = stream::inferred_item(&self.item.sig.output, &self.args.krate);
        quote_spanned! {span=>
            #krate::__private::streamed::#name::<#result, #item, _, _, _>(#inputs)
        }
    }

    /// The type of what the closure that is the body returns.
    fn made(&self) -> TokenStream {
        if self.lends() {
            quote_spanned!(self.blame()=> _)
        } else {
            self.result().into_token_stream()
        }
    }

    /// The type of the body, as far as it can be written within a function.
    fn result(&self) -> Type {
        inferred(&result(&self.item.sig.output)).0
    }
}
