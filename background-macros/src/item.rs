//! The function below the attribute, as far as it is understood.
//!
//! Attributes, visibility and signature are parsed; the body stays a row of tokens, so that its
//! errors are rustc's own and syntax newer than this crate passes through.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Signature, Token, Visibility};

use crate::span::sole_tree;

/// A function, a method, or a method's declaration in a trait.
pub(crate) struct Item {
    /// Outer attributes, and the body's inner ones, which mean the same.
    pub(crate) attrs: Vec<Attribute>,
    /// The visibility.
    pub(crate) vis: Visibility,
    /// Everything from `const` to the `where` clause.
    pub(crate) sig: Signature,
    /// The body; a declaration has none.
    pub(crate) body: Option<Body>,
}

/// What stands between a function's braces.
pub(crate) struct Body {
    /// Where the braces are.
    pub(crate) braces: Span,
    /// What is between them, without inner attributes.
    pub(crate) tokens: TokenStream,
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let sig = input.parse()?;
        let body = if input.peek(Token![;]) {
            input.parse::<Token![;]>()?;
            None
        } else {
            let (inner, body) = Body::read(input)?;
            attrs.extend(inner);
            Some(body)
        };
        Ok(Self { attrs, vis, sig, body })
    }
}

impl Body {
    /// Whether the first thing in the body is an item, as far as its first word tells.
    pub(crate) fn starts_with_item(&self) -> bool {
        let keywords = [
            "const", "enum", "extern", "fn", "impl", "mod", "pub", "static", "struct", "trait",
            "type", "union", "use",
        ];
        match self.tokens.clone().into_iter().next() {
            Some(TokenTree::Ident(word)) => keywords.iter().any(|keyword| word == keyword),
            Some(TokenTree::Punct(attribute)) => attribute.as_char() == '#',
            _ => false,
        }
    }

    fn read(input: ParseStream<'_>) -> syn::Result<(Vec<Attribute>, Self)> {
        let place = input.span();
        // A `$body:block` of a macro arrives inside invisible delimiters.
        let group = match sole_tree(input.parse()?) {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => group,
            _ => return Err(syn::Error::new(place, "expected a function body")),
        };
        let parser = |content: ParseStream<'_>| {
            let mut inner = content.call(Attribute::parse_inner)?;
            for attr in &mut inner {
                attr.style = syn::AttrStyle::Outer;
            }
            let rest: TokenStream = content.parse()?;
            Ok((inner, rest))
        };
        let (inner, tokens) = syn::parse::Parser::parse2(parser, group.stream())?;
        Ok((inner, Self { braces: group.span(), tokens }))
    }
}

/// What stands below the attribute instead of a function, and what to do about it.
pub(crate) fn misplaced(tokens: &TokenStream, error: syn::Error) -> syn::Error {
    if closure(tokens) {
        let instead = "`#[background]` goes on a function or a method; for a closure write \
                       `background::spawn(|| …)`";
        return syn::Error::new_spanned(tokens, instead);
    }
    let Some((keyword, instead)) = tokens.clone().into_iter().find_map(kind) else {
        return error;
    };
    syn::Error::new(
        keyword.span(),
        format!("`#[background]` goes on a function or a method; {instead}"),
    )
}

/// Whether this is a closure, whose place is that of one expression.
pub(crate) fn closure(tokens: &TokenStream) -> bool {
    syn::parse2::<syn::ExprClosure>(tokens.clone()).is_ok()
}

/// The keyword that says what an item is, with the way out.
fn kind(token: TokenTree) -> Option<(Ident, &'static str)> {
    let TokenTree::Ident(ident) = token else {
        return None;
    };
    let instead = match ident.to_string().as_str() {
        "struct" | "enum" | "union" | "type" => "a type does not run: put it on its methods",
        "impl" => "put it on each method of this `impl` that is to run in the background",
        "trait" => "put it on each method of this trait that is to run in the background",
        "mod" => "put it on each function of this module that is to run in the background",
        "const" | "static" => "a value that is computed in the background comes from `spawn(|| …)`",
        "let" => "for a closure write `background::spawn(|| …)`",
        "use" | "extern" => "put it where the function is defined",
        "macro_rules" | "macro" => "put it on the function that the macro expands to",
        _ => return None,
    };
    Some((ident, instead))
}
