//! A stream: what its items are.
//!
//! ```text
//! #[background(stream = 64)]
//! fn rows(n: u32) -> impl Iterator<Item = Row> { … }      the user's
//! fn rows(n: u32) -> BackgroundIter<Row>                  the wrapper's: `item`
//! ```

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::punctuated::Punctuated;
use syn::{GenericArgument, PathArguments, ReturnType, Token, Type, TypeParamBound};

use crate::args::Krate;
use crate::errors::Errors;
use crate::item::Item;
use crate::span::ends;
use crate::types::{inferred, inner, last_segment};

/// What a body that makes a stream has to return.
const EXPECTED: &str = "a background stream has to return an iterator: `impl Iterator<Item = …>`";

/// What the signature tells about the items.
pub(crate) enum Items<'a> {
    /// The `X` of an `impl Iterator<Item = X>` or of a box of one.
    Written(&'a Type),
    /// They are those of an iterator of this type.
    Of(&'a Type),
    /// They are those of a collection of this type, which is no iterator yet.
    In(&'a Type),
    /// There are none: this is no iterator.
    None,
}

/// Types of the standard library that hold items and are no iterators.
const COLLECTIONS: [&str; 10] = [
    "Vec",
    "VecDeque",
    "LinkedList",
    "BinaryHeap",
    "HashMap",
    "HashSet",
    "BTreeMap",
    "BTreeSet",
    "Option",
    "Result",
];

/// Looks for the items of what a function returns.
pub(crate) fn items(output: &ReturnType) -> Items<'_> {
    let ReturnType::Type(_, ty) = output else {
        return Items::None;
    };
    match inner(ty) {
        Type::ImplTrait(opaque) => written(&opaque.bounds).map_or(Items::None, Items::Written),
        Type::Array(_) => Items::In(ty),
        Type::Path(_) | Type::Macro(_) if !inferred(ty).1 => match last_segment(ty) {
            Some(name) if COLLECTIONS.iter().any(|collection| name.ident == collection) => {
                Items::In(ty)
            }
            _ => boxed(ty).map_or(Items::Of(ty), Items::Written),
        },
        _ => Items::None,
    }
}

/// The items of a `Box<dyn Iterator<Item = X>>`: callers read an `X` more easily than what `Of` makes
/// of the type.
fn boxed(ty: &Type) -> Option<&Type> {
    let name = last_segment(ty).filter(|name| name.ident == "Box")?;
    let PathArguments::AngleBracketed(list) = &name.arguments else {
        return None;
    };
    match list.args.first()? {
        GenericArgument::Type(Type::TraitObject(object)) => written(&object.bounds),
        _ => None,
    }
}

fn written(bounds: &Punctuated<TypeParamBound, Token![+]>) -> Option<&Type> {
    bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else {
            return None;
        };
        let PathArguments::AngleBracketed(list) = &bound.path.segments.last()?.arguments else {
            return None;
        };
        list.args.iter().find_map(|argument| match argument {
            GenericArgument::AssocType(found) if found.ident == "Item" => Some(&found.ty),
            _ => None,
        })
    })
}

/// The type of an item, as callers see it; of a function that was refused perhaps a unit.
pub(crate) fn item(output: &ReturnType, krate: &Krate) -> TokenStream {
    match items(output) {
        Items::Written(ty) => ty.to_token_stream(),
        Items::Of(ty) => {
            let (span, end) = ends(ty);
            let krate = krate.at(span);
            let name = Ident::new("Item", end);
            quote_spanned!(span=> <#ty as #krate::__private::streamed::Producer>::#name)
        }
        Items::In(ty) => {
            let span = Span::mixed_site();
            let krate = krate.at(span);
            quote_spanned!(span=> <#ty as #krate::__private::core::iter::IntoIterator>::Item)
        }
        Items::None => quote_spanned!(Span::mixed_site()=> ()),
    }
}

/// The same, as far as it can be written within a function.
pub(crate) fn inferred_item(output: &ReturnType, krate: &Krate) -> TokenStream {
    match items(output) {
        Items::Written(ty) => inferred(ty).0.into_token_stream(),
        _ => item(output, krate),
    }
}

/// Looks for what a stream cannot be, and says whether there was nothing.
pub(crate) fn check(item: &Item, errors: &mut Errors) -> bool {
    let sig = &item.sig;
    let mut fine = true;
    if let Some(token) = &sig.asyncness {
        errors.at(
            token,
            "a background stream makes its items in an iterator, which cannot `.await` between two \
             of them: remove `async`; what the iterator waits for may block its thread",
        );
        fine = false;
    }
    if let Items::In(_) | Items::None = items(&sig.output) {
        match &sig.output {
            ReturnType::Default => errors.at(&sig.ident, EXPECTED),
            ReturnType::Type(_, ty) => errors.at(ty, not_an_iterator(ty, &sig.output)),
        }
        fine = false;
    }
    fine
}

/// What to say about a type that is no iterator, as one can see.
fn not_an_iterator(ty: &Type, output: &ReturnType) -> String {
    let fallible = |name: &str| name == "Result" || name == "Option";
    match inner(ty) {
        Type::ImplTrait(_) => {
            "a background stream has to say what its items are: `impl Iterator<Item = …>`"
                .to_owned()
        }
        _ => match last_segment(ty).map(|last| last.ident.to_string()) {
            Some(name) if fallible(&name) => {
                format!("{EXPECTED}; what can fail are its items: `Item = {name}<…>`")
            }
            _ if matches!(items(output), Items::In(_)) => {
                format!("{EXPECTED}, with `.into_iter()` at the end of the body")
            }
            _ => EXPECTED.to_owned(),
        },
    }
}
