//! Questions about the types in a signature.

use proc_macro2::{Delimiter, Ident, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{GenericParam, Generics, Lifetime, Type, TypeReference};

/// A borrow found in a type.
pub(crate) enum Borrow {
    /// `&str`, `&'a mut T`.
    Reference(Box<TypeReference>),
    /// `'a` or `'_` as an argument or a bound.
    Lifetime(Lifetime),
}

/// The first part of the type that is valid for less than `'static`.
///
/// Lifetimes that a `for<'a>`, a function pointer or an `Fn(…)` brings along are its own affair.
pub(crate) fn borrow(ty: &Type) -> Option<Borrow> {
    let mut search = Search { bound: Vec::new(), found: None };
    search.visit_type_mut(&mut ty.clone());
    search.found
}

struct Search {
    bound: Vec<Ident>,
    found: Option<Borrow>,
}

impl Search {
    fn lasting(&self, lifetime: &Lifetime) -> bool {
        lifetime.ident == "static" || self.bound.contains(&lifetime.ident)
    }

    fn report(&mut self, borrow: Borrow) {
        self.found.get_or_insert(borrow);
    }
}

impl VisitMut for Search {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        match &reference.lifetime {
            Some(lifetime) if self.lasting(lifetime) => {
                visit_mut::visit_type_reference_mut(self, reference);
            }
            _ => self.report(Borrow::Reference(Box::new(reference.clone()))),
        }
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if !self.lasting(lifetime) {
            self.report(Borrow::Lifetime(lifetime.clone()));
        }
    }

    fn visit_trait_bound_mut(&mut self, bound: &mut syn::TraitBound) {
        let known = self.bound.len();
        for param in bound.lifetimes.iter().flat_map(|bound| &bound.lifetimes) {
            if let GenericParam::Lifetime(param) = param {
                self.bound.push(param.lifetime.ident.clone());
            }
        }
        self.visit_path_mut(&mut bound.path);
        self.bound.truncate(known);
    }

    fn visit_type_fn_ptr_mut(&mut self, _: &mut syn::TypeFnPtr) {}

    fn visit_parenthesized_generic_arguments_mut(
        &mut self,
        _: &mut syn::ParenthesizedGenericArguments,
    ) {
    }

    fn visit_precise_capture_mut(&mut self, _: &mut syn::PreciseCapture) {}

    fn visit_expr_mut(&mut self, _: &mut syn::Expr) {}
}

/// The first reference in the type that is valid for ever.
///
/// What the bounds of an `impl Trait` or a `dyn Trait` say is no part of a value.
pub(crate) fn lasting(ty: &Type) -> Option<TypeReference> {
    struct Lasting(Option<TypeReference>);
    impl VisitMut for Lasting {
        fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
            if reference.lifetime.as_ref().is_some_and(|lifetime| lifetime.ident == "static") {
                self.0.get_or_insert(reference.clone());
            }
        }

        fn visit_trait_bound_mut(&mut self, _: &mut syn::TraitBound) {}

        fn visit_type_fn_ptr_mut(&mut self, _: &mut syn::TypeFnPtr) {}

        fn visit_expr_mut(&mut self, _: &mut syn::Expr) {}
    }
    let mut search = Lasting(None);
    search.visit_type_mut(&mut ty.clone());
    search.0
}

/// The type with every `impl Trait` left to inference, and whether there was one.
pub(crate) fn inferred(ty: &Type) -> (Type, bool) {
    struct Opaque(bool);
    impl VisitMut for Opaque {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            if let Type::ImplTrait(opaque) = ty {
                let underscore_token = syn::Token![_](opaque.impl_token.span);
                self.0 = true;
                *ty = Type::Infer(syn::TypeInfer { attrs: Vec::new(), underscore_token });
            } else {
                visit_mut::visit_type_mut(self, ty);
            }
        }

        fn visit_type_fn_ptr_mut(&mut self, _: &mut syn::TypeFnPtr) {}
    }
    let mut opaque = Opaque(false);
    let mut ty = ty.clone();
    opaque.visit_type_mut(&mut ty);
    (ty, opaque.0)
}

/// The type with every lifetime but `'static` left to inference.
pub(crate) fn elided(ty: &Type) -> Type {
    struct Elide;
    impl VisitMut for Elide {
        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            if lifetime.ident != "static" {
                lifetime.ident = Ident::new("_", lifetime.ident.span());
            }
        }

        fn visit_bound_lifetimes_mut(&mut self, _: &mut syn::BoundLifetimes) {}

        fn visit_trait_bound_mut(&mut self, bound: &mut syn::TraitBound) {
            // What a `for<'a>` brings along has to keep its name.
            if bound.lifetimes.is_none() {
                visit_mut::visit_trait_bound_mut(self, bound);
            }
        }

        fn visit_type_fn_ptr_mut(&mut self, _: &mut syn::TypeFnPtr) {}
    }
    let mut ty = ty.clone();
    Elide.visit_type_mut(&mut ty);
    ty
}

/// Whether the type mentions a type parameter of the function.
pub(crate) fn mentions(ty: &Type, generics: &Generics) -> bool {
    fn any(tokens: TokenStream, known: &[&Ident]) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => known.contains(&&ident),
            TokenTree::Group(group) => any(group.stream(), known),
            _ => false,
        })
    }
    let params: Vec<&Ident> = generics.type_params().map(|param| &param.ident).collect();
    !params.is_empty() && any(ty.to_token_stream(), &params)
}

/// The type without parentheses and invisible delimiters around it.
pub(crate) fn inner(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => inner(&group.elem),
        Type::Paren(paren) => inner(&paren.elem),
        other => other,
    }
}

/// The last name of a path type: `Rc` of `std::rc::Rc<Self>`.
pub(crate) fn last_segment(ty: &Type) -> Option<&syn::PathSegment> {
    match inner(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// The reference that a parameter's type is, as opposed to one somewhere within.
pub(crate) fn reference(ty: &Type) -> Option<&TypeReference> {
    match inner(ty) {
        Type::Reference(reference) => Some(reference),
        _ => None,
    }
}

/// The type as one would type it, for messages.
pub(crate) fn spell(tokens: &impl ToTokens) -> String {
    let mut text = String::new();
    spell_into(tokens.to_token_stream(), &mut text);
    text
}

fn spell_into(tokens: TokenStream, text: &mut String) {
    let mut previous: Option<TokenTree> = None;
    let (mut quote, mut lifetime) = (false, false);
    for token in tokens {
        let group = matches!(token, TokenTree::Group(_));
        if lifetime && group || previous.as_ref().is_some_and(|last| apart(last, &token)) {
            text.push(' ');
        }
        lifetime = quote;
        quote = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '\'');
        match &token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                spell_into(group.stream(), text);
                text.push_str(close);
            }
            other => text.push_str(&other.to_string()),
        }
        previous = Some(token);
    }
}

/// Whether a space goes between two neighbouring tokens of a type.
fn apart(last: &TokenTree, next: &TokenTree) -> bool {
    let word = |token: &TokenTree| matches!(token, TokenTree::Ident(_) | TokenTree::Literal(_));
    let punct = |token: &TokenTree, wanted: &str| match token {
        TokenTree::Punct(punct) => wanted.contains(punct.as_char()),
        _ => false,
    };
    let joint = matches!(last, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint);
    match (last, next) {
        _ if joint => false,
        (TokenTree::Ident(word), TokenTree::Group(_)) => {
            ["mut", "const", "dyn", "impl"].iter().any(|keyword| word == keyword)
        }
        _ if punct(last, ",;+=") || punct(next, "+=-") => true,
        (TokenTree::Punct(arrow), _) if arrow.as_char() == '>' => word(next),
        _ => word(last) && (word(next) || punct(next, "&")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Borrow, borrow, elided, inferred, lasting, mentions, spell};
    use syn::{Type, parse_quote, parse_str};

    fn ty(text: &str) -> Type {
        parse_str(text).expect("the test's own text is a type")
    }

    #[test]
    fn borrows_are_found() {
        for text in [
            "&str",
            "&'a str",
            "&mut T",
            "Option<&str>",
            "Cow<'_, str>",
            "Foo<'a>",
            "Box<dyn Trait + '_>",
            "&'static Foo<'a>",
            "(u8, [&u8; 2])",
            "impl Iterator<Item = &u8>",
        ] {
            assert!(borrow(&ty(text)).is_some(), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_borrow() {
        for text in [
            "String",
            "&'static str",
            "&'static [&'static str]",
            "fn(&str) -> &str",
            "Box<dyn Fn(&str) -> &str + Send>",
            "impl for<'a> Trait<'a>",
            "impl Display + use<'a, T>",
            "Cow<'static, str>",
            "[u8; { let x = &1; *x }]",
        ] {
            assert!(borrow(&ty(text)).is_none(), "{text}");
        }
    }

    #[test]
    fn the_outermost_borrow_is_the_one_reported() {
        match borrow(&ty("Vec<&'a Foo<'a>>")) {
            Some(Borrow::Reference(found)) => assert_eq!(spell(&found), "&'a Foo<'a>"),
            _ => panic!("a reference was expected"),
        }
    }

    #[test]
    fn references_that_last_are_found() {
        for text in ["&'static str", "Option<(u8, &'static [u8])>", "[&'static u8; 2]"] {
            assert!(lasting(&ty(text)).is_some(), "{text}");
        }
        for text in
            ["String", "Cow<'static, str>", "fn(&'static str)", "impl Iterator<Item = &'static u8>"]
        {
            assert!(lasting(&ty(text)).is_none(), "{text}");
        }
    }

    #[test]
    fn lifetimes_are_left_to_inference() {
        for (text, expected) in [
            ("Box<dyn Iterator<Item = u8> + 'a>", "Box<dyn Iterator<Item = u8> + '_>"),
            ("Foo<'static, 'b>", "Foo<'static, '_>"),
            ("Box<dyn for<'a> Fn(&'a u8)>", "Box<dyn for<'a> Fn(&'a u8)>"),
        ] {
            assert_eq!(spell(&elided(&ty(text))), expected);
        }
    }

    #[test]
    fn opaque_types_are_left_to_inference() {
        let (plain, opaque) = inferred(&ty("Result<impl Display, E>"));
        assert!(opaque);
        assert_eq!(spell(&plain), "Result<_, E>");
        assert!(!inferred(&ty("Result<u8, E>")).1);
    }

    #[test]
    fn type_parameters_are_recognised() {
        let generics = parse_quote!(<'a, T, const N: usize>);
        assert!(mentions(&ty("Vec<(u8, T)>"), &generics));
        assert!(mentions(&ty("T::Item"), &generics));
        assert!(!mentions(&ty("[u8; N]"), &generics));
        assert!(!mentions(&ty("Tea"), &generics));
    }

    #[test]
    fn types_are_spelt_as_written() {
        for text in [
            "Rc<u32>",
            "&'a mut [u8]",
            "&'static [u8]",
            "&dyn Fn(u8, &str) -> u8",
            "std::collections::HashMap<String, Vec<u8>>",
            "impl Display + Send",
            "[u8; 4]",
            "Cow<'_, str>",
            "impl Iterator<Item = u8>",
        ] {
            assert_eq!(spell(&ty(text)), text);
        }
    }
}
