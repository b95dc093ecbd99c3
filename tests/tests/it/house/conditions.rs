//! When an item exists: what its `cfg` attributes imply.

use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

pub(super) fn is_test(condition: &Meta) -> bool {
    condition.path().is_ident("test")
}

pub(super) fn is_without_loom(condition: &Meta) -> bool {
    let Meta::List(list) = condition else {
        return false;
    };
    let inside = syn::parse2::<Meta>(list.tokens.clone());
    list.path.is_ident("not")
        && inside.is_ok_and(|inside| inside.path().is_ident("background_loom"))
}

/// These attributes mean that the item exists only where `fact` holds.
pub(super) fn implied(attributes: &[Attribute], fact: &dyn Fn(&Meta) -> bool) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        if path.is_ident("cfg") {
            attribute.parse_args::<Meta>().is_ok_and(|condition| implies(&condition, fact))
        } else {
            fact(&attribute.meta)
        }
    })
}

fn implies(condition: &Meta, fact: &dyn Fn(&Meta) -> bool) -> bool {
    if fact(condition) {
        return true;
    }
    let Meta::List(list) = condition else {
        return false;
    };
    let parts =
        list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default();
    if list.path.is_ident("all") {
        parts.iter().any(|part| implies(part, fact))
    } else {
        list.path.is_ident("any") && !parts.is_empty() && parts.iter().all(|it| implies(it, fact))
    }
}
