//! Attributes that do not go with `#[background]`.

use syn::{Attribute, Path};

use crate::check::Verdict;
use crate::errors::Errors;
use crate::item::Item;
use crate::types::spell;

/// Looks through the function's attributes, and takes off it those that it can do without.
pub(crate) fn attributes(item: &mut Item, errors: &mut Errors) -> Verdict {
    let mut verdict = Verdict::Sound;
    item.attrs.retain(|attr| match clash(attr) {
        Some(Clash::Removed(error)) => {
            errors.push(error);
            false
        }
        Some(Clash::Fatal(error)) => {
            errors.push(error);
            verdict = Verdict::Foreign;
            true
        }
        None => true,
    });
    verdict
}

/// An attribute that does not go with `#[background]`.
enum Clash {
    /// Without the attribute the function is a background function.
    Removed(syn::Error),
    /// The function is the attribute's, and not ours.
    Fatal(syn::Error),
}

fn clash(attr: &Attribute) -> Option<Clash> {
    let path = exported(attr);
    let last = &path.segments.last()?.ident;
    let single = path.segments.len() == 1;
    match last.to_string().as_str() {
        "background" => Some(Clash::Removed(syn::Error::new_spanned(
            &path,
            "`#[background]` is here twice: give all arguments to one",
        ))),
        "no_mangle" | "export_name" if single => Some(Clash::Removed(syn::Error::new_spanned(
            &path,
            format!(
                "`{last}` exports a Rust function that returns a `Background`: put it on a plain \
                 function that calls this one"
            ),
        ))),
        "test" | "bench" | "main" if single || runtime(&path) => {
            Some(Clash::Fatal(syn::Error::new_spanned(
                &path,
                format!(
                    "`#[{}]` starts this function itself and expects its plain result: \
                     put `#[background]` on a function that it calls",
                    spell(&path)
                ),
            )))
        }
        _ => None,
    }
}

/// The attribute's path, or the one within `unsafe(…)`.
fn exported(attr: &Attribute) -> Path {
    if attr.path().is_ident("unsafe") {
        if let Ok(list) = attr.meta.require_list() {
            if let Ok(path) = syn::parse::Parser::parse2(
                |input: syn::parse::ParseStream<'_>| {
                    let path = input.call(Path::parse_mod_style)?;
                    input.parse::<proc_macro2::TokenStream>()?;
                    Ok(path)
                },
                list.tokens.clone(),
            ) {
                return path;
            }
        }
    }
    attr.path().clone()
}

/// Whether `runtime::main` or `runtime::test` is one of an async runtime or of the compiler.
fn runtime(path: &Path) -> bool {
    let crates = ["tokio", "async_std", "actix_web", "actix_rt", "smol_potat", "core", "std"];
    path.segments.first().is_some_and(|first| crates.iter().any(|name| first.ident == name))
}
