//! The call: what the arguments of the attribute say to the library's builder.

use proc_macro2::{Literal, Span, TokenStream};
use quote::quote_spanned;
use syn::ext::IdentExt;
use syn::{Expr, ExprReference, Token};

use crate::args::{Args, Place, Streaming, WHEN_FULL};
use crate::item::Item;
use crate::span::ends;

// Input:
//
//     #[background(on = self.pool, timeout = 1s, limit = 4)]
//
// Output:
//
//     call({ static __SITE: Site = Site::new("f", module_path!(), file!(), line!()); &__SITE })
//         .on(Chosen::new(Pick::new(&self.pool).pick()))
//         .timeout(Duration::new(1, 0))
//         .limit({ static __LIMIT: Limit = Limit::new(4); &__LIMIT }, WhenFull::Block)
/// An expression for a builder that knows everything but the body.
///
/// It is evaluated before the arguments move, so that the user's expressions can use them.
pub(crate) fn call(args: &Args, item: &Item) -> TokenStream {
    let span = Span::mixed_site();
    let krate = args.krate.at(span);
    let function = Literal::string(&item.sig.ident.unraw().to_string());
    let mut call = quote_spanned! {span=>
        #krate::__private::call({
            static __SITE: #krate::__private::Site = #krate::__private::Site::new(
                #function,
                #krate::__private::core::module_path!(),
                #krate::__private::core::file!(),
                #krate::__private::core::line!(),
            );
            &__SITE
        })
    };
    match &args.place {
        Some(Place::Word(word)) => {
            call.extend(quote_spanned!(span=> .#word()));
            // Other strategies have no such method; to ask for it there has been refused.
            if let Some(size) = args.stack_size.as_ref().filter(|_| word == "dedicated") {
                let bytes = size.expand();
                call.extend(quote_spanned!(span=> .stack_size(#bytes)));
            }
        }
        Some(Place::On(strategy)) => {
            let picked = pick(args, strategy);
            call.extend(quote_spanned!(span=> .on(#picked)));
        }
        // Without a pool of its own, it is one of the program's.
        None if args.process => call.extend(quote_spanned!(span=> .process())),
        None => {}
    }
    if let Some(time) = &args.timeout {
        let time = time.expand(&args.krate);
        call.extend(quote_spanned!(span=> .timeout(#time)));
    }
    if let Some(time) = &args.deadline {
        let time = time.expand(&args.krate);
        call.extend(quote_spanned!(span=> .deadline(#time)));
    }
    if args.catch {
        call.extend(quote_spanned!(span=> .catch()));
    }
    if let Some(choice) = &args.on_drop {
        let choice = choice.expand(&args.krate);
        call.extend(quote_spanned!(span=> .on_drop(#choice)));
    }
    if let Some(limit) = &args.limit {
        let when_full = args.when_full.clone().unwrap_or_else(|| WHEN_FULL.default());
        let when_full = when_full.expand(&args.krate);
        // A limit of 0 is refused by the call, at compile time.
        let start = ends(limit).0;
        let here = args.krate.at(start);
        let value = quote_spanned!(start=> #here::__private::Limit::new(#limit));
        call.extend(quote_spanned! {span=>
            .limit(
                {
                    static __LIMIT: #krate::__private::Limit = #value;
                    &__LIMIT
                },
                #when_full,
            )
        });
    }
    if let Some(Streaming { look_ahead: Some(items) }) = &args.stream {
        call.extend(quote_spanned!(span=> .look_ahead(#items)));
    }
    if let Some(niceness) = &args.priority {
        call.extend(quote_spanned!(span=> .priority(#niceness)));
    }
    if let Some(series) = &args.series {
        call.extend(quote_spanned!(span=> .series(#series)));
    }
    if let Some(name) = &args.name {
        call.extend(quote_spanned!(span=> .name(#name)));
    }
    call
}

/// The strategy by clone or by reference, whichever its type allows.
///
/// The tokens reach from the first to the last of the user's, as a complaint about the type comes
/// from here.
fn pick(args: &Args, strategy: &Expr) -> TokenStream {
    let (start, end) = ends(strategy);
    let krate = args.krate.at(start);
    let place = Expr::Reference(ExprReference {
        attrs: Vec::new(),
        and_token: Token![&](start),
        mutability: None,
        expr: Box::new(strategy.clone()),
    });
    let nothing = quote_spanned!(end=> ());
    let picked = quote_spanned!(start=> #krate::__private::Pick::new(#place).pick #nothing);
    quote_spanned!(start=> #krate::__private::Chosen::new(#picked))
}
