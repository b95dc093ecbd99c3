//! What a background function cannot be, and what to write instead.

use syn::spanned::Spanned;
use syn::{FnArg, Receiver, ReceiverKind, ReturnType, Type, TypeReference};

use crate::args::Args;
use crate::clash::attributes;
use crate::errors::Errors;
use crate::item::Item;
use crate::stream::{self, Items};
use crate::types::{Borrow, borrow, inner, last_segment, lasting, reference, spell};

/// What can be made of a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    /// A background function.
    Sound,
    /// Something with the signature of one, so that its callers are understood.
    Unsound,
    /// Nothing: it is not for us to change.
    Foreign,
}

/// Looks for everything that is wrong with the function, and takes attributes that would only cause
/// errors of their own off it.
pub(crate) fn check(item: &mut Item, args: &Args, errors: &mut Errors) -> Verdict {
    if attributes(item, errors) == Verdict::Foreign {
        return Verdict::Foreign;
    }
    if item.sig.ident == "main" {
        errors.at(
            &item.sig.ident,
            "`main` cannot run in the background: the program ends when it returns; \
             put `#[background]` on a function that `main` calls",
        );
        return Verdict::Foreign;
    }
    let qualified = qualifiers(item, errors);
    let mut sound = qualified;
    for input in &item.sig.inputs {
        let complaint = match input {
            FnArg::Receiver(receiver) => receiver_complaint(receiver, args),
            FnArg::Typed(param) => parameter_complaint(&param.ty, args),
        };
        if let Some(error) = complaint {
            errors.push(error);
            sound = false;
        }
    }
    if args.stream.is_some() && !stream::check(item, errors) {
        return Verdict::Unsound;
    }
    if let Some(error) = return_complaint(&item.sig.output, args) {
        errors.push(error);
        sound = false;
    }
    if sound { Verdict::Sound } else { Verdict::Unsound }
}

fn qualifiers(item: &Item, errors: &mut Errors) -> bool {
    let sig = &item.sig;
    let mut fine = true;
    if let Some(token) = &sig.constness {
        errors.at(
            token,
            "a `const fn` runs at compile time, where there are no threads: remove `const`",
        );
        fine = false;
    }
    if let Some(abi) = &sig.abi {
        errors.at(
            abi,
            "an `extern` function returns to foreign code, which knows no `Background`: \
             put `#[background]` on a plain function that this one calls",
        );
        fine = false;
    } else if let Some(variadic) = &sig.variadic {
        errors.at(
            &variadic.dots,
            "a background function has a fixed number of parameters: take a `Vec`",
        );
        fine = false;
    }
    fine
}

fn receiver_complaint(receiver: &Receiver, args: &Args) -> Option<syn::Error> {
    let message = match &receiver.kind {
        ReceiverKind::Reference(_, _, Some(_)) => mutable_self(args),
        ReceiverKind::Reference(_, Some(lifetime), None)
            if lifetime.ident == "static" && !args.process =>
        {
            return None;
        }
        ReceiverKind::Reference(..) if args.to_owned => return None,
        ReceiverKind::Reference(..) => borrowed_self(args),
        ReceiverKind::Typed(_, ty) => return typed_receiver(ty, args),
        _ => return None,
    };
    // From `&` to `self`, without the attributes.
    let mut bare = receiver.clone();
    bare.attrs.clear();
    Some(syn::Error::new_spanned(bare, message))
}

fn typed_receiver(ty: &Type, args: &Args) -> Option<syn::Error> {
    if let Some(found) = reference(ty) {
        let lasting = found.lifetime.as_ref().is_some_and(|lifetime| lifetime.ident == "static");
        let message = match found.mutability {
            Some(_) => mutable_self(args),
            None if lasting && !args.process => return None,
            None if args.to_owned => return None,
            None => borrowed_self(args),
        };
        return Some(syn::Error::new_spanned(ty, message));
    }
    let last = last_segment(ty)?;
    if args.process && ["Arc", "Rc", "Pin"].iter().any(|name| last.ident == name) {
        let message = format!(
            "{} `{}` belongs to one process, and the body runs in another: take `self` or \
             `self: Box<Self>`",
            if last.ident == "Pin" { "a" } else { "an" },
            last.ident
        );
        return Some(syn::Error::new_spanned(ty, message));
    }
    if last.ident == "Rc" {
        return Some(syn::Error::new_spanned(
            ty,
            "an `Rc` cannot go to another thread: take `self: Arc<Self>`",
        ));
    }
    match borrow(ty)? {
        Borrow::Reference(_) if last.ident == "Pin" => Some(syn::Error::new_spanned(
            ty,
            "a background method cannot borrow `self`, as its body runs on after the call: \
             take `self: Pin<Box<Self>>` or `self: Pin<Arc<Self>>`",
        )),
        found => Some(complaint(&found, args, false)),
    }
}

fn borrowed_self(args: &Args) -> &'static str {
    if args.process {
        "a method in another process cannot borrow `self`: take `self`, or send a copy with \
         `#[background(process, to_owned)]`"
    } else {
        "a background method cannot borrow `self`, as its body runs on after the call: \
         take `self: Arc<Self>` or `self`, or copy it with `#[background(to_owned)]`"
    }
}

fn mutable_self(args: &Args) -> &'static str {
    if args.process {
        "a method in another process cannot borrow `self` mutably: take `mut self` and return it"
    } else {
        "a background method cannot borrow `self` mutably, as its body runs on after the call: \
         take `mut self` and return it, or `self: Arc<Self>` with a `Mutex` inside"
    }
}

fn parameter_complaint(ty: &Type, args: &Args) -> Option<syn::Error> {
    if args.to_owned {
        if let Some(TypeReference { lifetime, mutability: None, elem, .. }) = reference(ty) {
            let stays = args.process && lifetime.as_ref().is_some_and(|it| it.ident == "static");
            if !stays {
                // The outermost reference is what `to_owned` is for.
                return borrow(elem)
                    .map(|found| complaint(&found, args, true))
                    .or_else(|| lasting_complaint(elem, args, "take"));
            }
        }
    }
    borrow(ty)
        .map(|found| complaint(&found, args, args.to_owned || reference(ty).is_none()))
        .or_else(|| lasting_complaint(ty, args, "take"))
}

/// What points into one process is of no use in another, however long it is valid.
fn lasting_complaint(ty: &Type, args: &Args, verb: &str) -> Option<syn::Error> {
    let found = lasting(ty).filter(|_| args.process)?;
    let message = format!(
        "a function in another process cannot {verb} `{}`, which points into one: write {}",
        spell(&found),
        owned(&found.elem, args)
    );
    Some(syn::Error::new_spanned(found, message))
}

/// `within`: below a type that `to_owned` does not copy.
fn complaint(found: &Borrow, args: &Args, within: bool) -> syn::Error {
    let (function, why) = subject(args);
    match found {
        Borrow::Reference(found) if found.mutability.is_some() => syn::Error::new_spanned(
            found,
            format!(
                "{function} cannot take `{}`{why}: take the value and return it changed",
                spell(found)
            ),
        ),
        Borrow::Reference(found) => {
            let copy = match (within, args.process) {
                (true, _) => "",
                (false, false) => ", or copy it with `#[background(to_owned)]`",
                (false, true) => ", or send a copy with `#[background(process, to_owned)]`",
            };
            let message = format!(
                "{function} cannot take `{}`{why}: write {}{copy}",
                spell(found),
                owned(&found.elem, args)
            );
            syn::Error::new_spanned(found, message)
        }
        Borrow::Lifetime(lifetime) => syn::Error::new_spanned(
            lifetime,
            format!(
                "{function} cannot take what is valid only for `{lifetime}`{why}: \
                 write `'static` or an owned type"
            ),
        ),
    }
}

/// Who cannot, and why not, where it has to be said.
fn subject(args: &Args) -> (&'static str, &'static str) {
    if args.process {
        ("a function in another process", "")
    } else {
        ("a background function", ", as its body runs on after the call")
    }
}

/// What to write for a reference to this type.
fn owned(referent: &Type, args: &Args) -> String {
    let segment = last_segment(referent).filter(|segment| segment.arguments.is_none());
    let named = segment.and_then(|segment| match segment.ident.to_string().as_str() {
        "str" => Some("`String`"),
        "Path" => Some("`PathBuf`"),
        "OsStr" => Some("`OsString`"),
        "CStr" => Some("`CString`"),
        _ => None,
    });
    if let Some(name) = named {
        return name.to_owned();
    }
    match inner(referent) {
        Type::Slice(slice) => format!("`Vec<{}>`", spell(&slice.elem)),
        Type::TraitObject(_) if !args.process => format!("`Box<{} + Send>`", spell(referent)),
        Type::TraitObject(_) | Type::Reference(_) | Type::ImplTrait(_) => {
            "an owned type".to_owned()
        }
        _ if args.process => format!("`{}`", spell(referent)),
        _ => format!("`{0}` or `Arc<{0}>`", spell(referent)),
    }
}

fn return_complaint(output: &ReturnType, args: &Args) -> Option<syn::Error> {
    let ReturnType::Type(_, ty) = output else {
        return None;
    };
    if let Type::Never(_) = inner(ty) {
        let mut message = "a background function that never returns has no result to wait for: \
                           leave the return type out"
            .to_owned();
        // serde does not know `Infallible`.
        if !args.process {
            message.push_str(", or write `std::convert::Infallible`");
        }
        return Some(syn::Error::new(ty.span(), message));
    }
    let (function, why) = subject(args);
    let item = match stream::items(output) {
        Items::Written(item) if args.stream.is_some() => Some(item),
        _ => None,
    };
    // An iterator may borrow from what was copied for it; callers only get its items.
    let seen = item.filter(|_| args.to_owned).unwrap_or(ty);
    let Some(found) = borrow(seen) else {
        return lasting_complaint(item.unwrap_or(ty), args, "return");
    };
    Some(match found {
        Borrow::Reference(found) => {
            let message = format!(
                "{function} cannot return `{}`{why}: write {}",
                spell(&found),
                owned(&found.elem, args)
            );
            syn::Error::new_spanned(found, message)
        }
        Borrow::Lifetime(lifetime) => syn::Error::new_spanned(
            &lifetime,
            format!(
                "{function} cannot return what is valid only for `{lifetime}`{why}: \
                 write `'static` or an owned type"
            ),
        ),
    })
}
