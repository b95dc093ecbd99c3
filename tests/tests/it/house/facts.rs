//! What a Rust file does, as a flat list that rules can search.
//!
//! The file is parsed, so that comments and strings are no code, `use` trees are followed into
//! their branches, and every fact knows the statement it belongs to. What stands inside a macro's
//! parentheses is only tokens to the parser; paths, calls and `unsafe` are found there all the
//! same.

use proc_macro2::{Spacing, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Meta, UseTree};

use super::conditions::{implied, is_test, is_without_loom};

/// One thing that a file does.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) what: What,
    pub(super) line: usize,
    pub(super) context: Context,
}

/// Where in a file a fact stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    /// The first line of the innermost statement, match arm or item around it.
    pub(super) statement: usize,
    /// The modules around it inside of the file.
    pub(super) modules: Vec<String>,
    /// It is only compiled for tests.
    pub(super) tests: bool,
    /// It is not compiled for loom.
    pub(super) without_loom: bool,
    /// It belongs to the body of a background function or of a closure that is spawned.
    pub(super) slow_body: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A path in code, in a signature or among the tokens of a macro; also the path of a macro that
    /// is called. Global paths start with an empty segment.
    Path(Vec<String>),
    /// An imported path, and the name it gets here: `*` for everything.
    Import { path: Vec<String>, name: String },
    /// A macro that is called, by its last name.
    Call(String),
    /// A macro that is made, and whether the whole crate has it.
    MacroRules { name: String, exported: bool },
    /// A module: its file is elsewhere unless it is `inline`.
    Module { name: String, inline: bool, detour: bool },
    /// A use of the keyword.
    Unsafe(Unsafe),
    /// An attribute, by its path.
    Attribute(String),
    /// The lint that keeps `unsafe` out is lifted.
    LiftsUnsafeLint,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsafe {
    Block,
    Impl,
    /// A function or trait, and whether its docs have a section on safety.
    Contract {
        documented: bool,
    },
    /// A type or an external block, which by themselves do nothing.
    Mention,
}

/// Reads a file's text.
pub(super) fn of(text: &str) -> Result<Vec<Fact>, String> {
    let file = syn::parse_file(text).map_err(|error| {
        let at = error.span().start();
        format!("line {}: {error}", at.line)
    })?;
    let mut reader = Reader { facts: Vec::new(), context: Context::default(), of_trait: false };
    reader.context.tests = implied(&file.attrs, &is_test);
    reader.visit_file(&file);
    Ok(reader.facts)
}

/// Macros whose tokens are data: they are not done here.
const QUOTES: &[&str] = &["quote", "quote_spanned", "parse_quote", "stringify"];

struct Reader {
    facts: Vec<Fact>,
    context: Context,
    /// The functions of the implementation around it keep a trait's contracts.
    of_trait: bool,
}

impl Reader {
    fn note(&mut self, what: What, spanned: &impl Spanned) {
        self.note_at(what, spanned.span().start().line);
    }

    fn note_at(&mut self, what: What, line: usize) {
        self.facts.push(Fact { what, line, context: self.context.clone() });
    }

    /// Reads something whose attributes say when it is compiled.
    fn scoped(&mut self, attributes: &[Attribute], line: usize, read: impl FnOnce(&mut Self)) {
        let outside = self.context.clone();
        self.context.statement = line;
        self.context.tests |= implied(attributes, &is_test);
        self.context.without_loom |= implied(attributes, &is_without_loom);
        self.context.slow_body |= attributes
            .iter()
            .any(|attribute| names(attribute.path()).last().is_some_and(|it| it == "background"));
        read(self);
        self.context = outside;
    }

    fn signature(&mut self, signature: &syn::Signature, attributes: &[Attribute]) {
        if let syn::Safety::Unsafe(token) = &signature.safety {
            // What a trait's function asks is written where the trait is.
            let documented = self.of_trait || has_safety_section(attributes);
            self.note(What::Unsafe(Unsafe::Contract { documented }), token);
        }
    }

    fn imports(&mut self, tree: &UseTree, prefix: &[String]) {
        let joined = |name: &syn::Ident| {
            let mut path = prefix.to_vec();
            path.push(name.to_string());
            path
        };
        match tree {
            UseTree::Path(branch) => self.imports(&branch.tree, &joined(&branch.ident)),
            UseTree::Group(group) => {
                group.items.iter().for_each(|branch| self.imports(branch, prefix));
            }
            UseTree::Name(leaf) if leaf.ident == "self" => {
                let name = prefix.last().cloned().unwrap_or_default();
                self.note(What::Import { path: prefix.to_vec(), name }, leaf);
            }
            UseTree::Name(leaf) => {
                let name = leaf.ident.to_string();
                self.note(What::Import { path: joined(&leaf.ident), name }, leaf);
            }
            UseTree::Rename(leaf) => {
                let name = leaf.rename.to_string();
                let path = if leaf.ident == "self" { prefix.to_vec() } else { joined(&leaf.ident) };
                self.note(What::Import { path, name }, leaf);
            }
            UseTree::Glob(glob) => {
                let name = "*".to_owned();
                self.note(What::Import { path: prefix.to_vec(), name }, glob);
            }
        }
    }

    /// Finds paths, calls of macros and `unsafe` among tokens that the parser did not look into.
    fn tokens(&mut self, tokens: &TokenStream) {
        let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
        let mut at = 0;
        while let Some(tree) = trees.get(at) {
            at += 1;
            match tree {
                TokenTree::Group(group) => self.tokens(&group.stream()),
                TokenTree::Ident(first) => {
                    let line = first.span().start().line;
                    if first == "unsafe" {
                        let next = trees.get(at);
                        self.note_at(What::Unsafe(unsafe_before(next)), line);
                        continue;
                    }
                    let mut path = vec![first.to_string()];
                    while let Some(segment) = segment_after(&trees[at..]) {
                        path.push(segment);
                        at += 3;
                    }
                    let bang =
                        matches!(trees.get(at), Some(TokenTree::Punct(it)) if it.as_char() == '!');
                    let group = matches!(trees.get(at + 1), Some(TokenTree::Group(_)));
                    if bang && group {
                        let name = path[path.len() - 1].clone();
                        if QUOTES.contains(&name.as_str()) {
                            at += 2;
                        }
                        self.note_at(What::Call(name), line);
                    }
                    self.note_at(What::Path(path), line);
                }
                _ => {}
            }
        }
    }
}

/// The name in `:: name` at the start of these tokens.
fn segment_after(tokens: &[TokenTree]) -> Option<String> {
    match tokens {
        [TokenTree::Punct(first), TokenTree::Punct(second), TokenTree::Ident(name), ..]
            if first.as_char() == ':'
                && first.spacing() == Spacing::Joint
                && second.as_char() == ':' =>
        {
            Some(name.to_string())
        }
        _ => None,
    }
}

fn unsafe_before(next: Option<&TokenTree>) -> Unsafe {
    match next {
        Some(TokenTree::Group(_)) => Unsafe::Block,
        Some(TokenTree::Ident(word)) if word == "impl" => Unsafe::Impl,
        // Its docs are tokens too, so a comment has to do.
        Some(TokenTree::Ident(word)) if word == "fn" || word == "trait" => {
            Unsafe::Contract { documented: false }
        }
        _ => Unsafe::Mention,
    }
}

/// Reads the children of an item with the item's attributes in force.
macro_rules! scoped_items {
    ($($visit:ident($node:ty);)*) => {$(
        fn $visit(&mut self, node: &'ast $node) {
            let line = node.span().start().line;
            self.scoped(&node.attrs, line, |reader| visit::$visit(reader, node));
        }
    )*};
}

impl<'ast> Visit<'ast> for Reader {
    scoped_items! {
        visit_item_const(syn::ItemConst);
        visit_item_static(syn::ItemStatic);
        visit_item_struct(syn::ItemStruct);
        visit_item_enum(syn::ItemEnum);
        visit_item_type(syn::ItemType);
        visit_impl_item_const(syn::ImplItemConst);
        visit_impl_item_macro(syn::ImplItemMacro);
        visit_arm(syn::Arm);
    }

    fn visit_item_fn(&mut self, node: &'ast syn::ItemFn) {
        self.scoped(&node.attrs, node.span().start().line, |reader| {
            reader.signature(&node.sig, &node.attrs);
            visit::visit_item_fn(reader, node);
        });
    }

    fn visit_impl_item_fn(&mut self, node: &'ast syn::ImplItemFn) {
        self.scoped(&node.attrs, node.span().start().line, |reader| {
            reader.signature(&node.sig, &node.attrs);
            visit::visit_impl_item_fn(reader, node);
        });
    }

    fn visit_trait_item_fn(&mut self, node: &'ast syn::TraitItemFn) {
        self.scoped(&node.attrs, node.span().start().line, |reader| {
            reader.signature(&node.sig, &node.attrs);
            visit::visit_trait_item_fn(reader, node);
        });
    }

    fn visit_item_impl(&mut self, node: &'ast syn::ItemImpl) {
        self.scoped(&node.attrs, node.span().start().line, |reader| {
            if let Some(token) = &node.unsafety {
                reader.note(What::Unsafe(Unsafe::Impl), token);
            }
            reader.of_trait = node.trait_.is_some();
            visit::visit_item_impl(reader, node);
            reader.of_trait = false;
        });
    }

    fn visit_item_trait(&mut self, node: &'ast syn::ItemTrait) {
        self.scoped(&node.attrs, node.span().start().line, |reader| {
            if let Some(token) = &node.unsafety {
                let documented = has_safety_section(&node.attrs);
                reader.note(What::Unsafe(Unsafe::Contract { documented }), token);
            }
            visit::visit_item_trait(reader, node);
        });
    }

    fn visit_item_mod(&mut self, node: &'ast syn::ItemMod) {
        self.scoped(&node.attrs, node.span().start().line, |reader| {
            let name = node.ident.to_string();
            let detour = node.attrs.iter().any(|attribute| attribute.path().is_ident("path"));
            let inline = node.content.is_some();
            reader.note(What::Module { name: name.clone(), inline, detour }, &node.ident);
            reader.context.modules.push(name);
            visit::visit_item_mod(reader, node);
        });
    }

    fn visit_item_macro(&mut self, node: &'ast syn::ItemMacro) {
        self.scoped(&node.attrs, node.span().start().line, |reader| {
            if let Some(name) = &node.ident {
                let exported =
                    node.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export"));
                reader.note(What::MacroRules { name: name.to_string(), exported }, name);
            }
            visit::visit_item_macro(reader, node);
        });
    }

    fn visit_item_foreign_mod(&mut self, node: &'ast syn::ItemForeignMod) {
        self.scoped(&node.attrs, node.span().start().line, |reader| {
            if let Some(token) = &node.unsafety {
                reader.note(What::Unsafe(Unsafe::Mention), token);
            }
            visit::visit_item_foreign_mod(reader, node);
        });
    }

    fn visit_item_use(&mut self, node: &'ast syn::ItemUse) {
        self.scoped(&node.attrs, node.span().start().line, |reader| {
            visit::visit_visibility(reader, &node.vis);
            let global = node.leading_colon.map(|_| String::new());
            reader.imports(&node.tree, global.as_slice());
        });
    }

    fn visit_stmt(&mut self, node: &'ast syn::Stmt) {
        let outside = self.context.statement;
        self.context.statement = node.span().start().line;
        visit::visit_stmt(self, node);
        self.context.statement = outside;
    }

    fn visit_expr_unsafe(&mut self, node: &'ast syn::ExprUnsafe) {
        self.note(What::Unsafe(Unsafe::Block), &node.unsafe_token);
        visit::visit_expr_unsafe(self, node);
    }

    fn visit_type_fn_ptr(&mut self, node: &'ast syn::TypeFnPtr) {
        if node.unsafety.is_some() {
            self.note(What::Unsafe(Unsafe::Mention), node);
        }
        visit::visit_type_fn_ptr(self, node);
    }

    fn visit_expr_call(&mut self, node: &'ast syn::ExprCall) {
        self.visit_expr(&node.func);
        let outside = self.context.slow_body;
        if let syn::Expr::Path(function) = &*node.func {
            let path = names(&function.path);
            self.context.slow_body |=
                path.ends_with(&["spawn".into()]) && !path.contains(&"thread".into());
        }
        node.args.iter().for_each(|argument| self.visit_expr(argument));
        self.context.slow_body = outside;
    }

    fn visit_expr_method_call(&mut self, node: &'ast syn::ExprMethodCall) {
        self.visit_expr(&node.receiver);
        let outside = self.context.slow_body;
        self.context.slow_body |= node.method == "spawn";
        node.args.iter().for_each(|argument| self.visit_expr(argument));
        self.context.slow_body = outside;
        if let Some(turbofish) = &node.turbofish {
            self.visit_angle_bracketed_generic_arguments(turbofish);
        }
    }

    fn visit_macro(&mut self, node: &'ast syn::Macro) {
        let name = node.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let quotes = QUOTES.contains(&name.as_str());
        self.note(What::Call(name), node);
        if !quotes {
            visit::visit_macro(self, node);
        }
    }

    fn visit_attribute(&mut self, node: &'ast Attribute) {
        self.note(What::Attribute(names(node.path()).join("::")), node);
        if let Meta::List(list) = &node.meta {
            let lifted = ["allow", "expect", "warn"].iter().any(|word| list.path.is_ident(word));
            let lint = list
                .tokens
                .clone()
                .into_iter()
                .any(|token| matches!(token, TokenTree::Ident(it) if it == "unsafe_code"));
            if lifted && lint {
                self.note(What::LiftsUnsafeLint, node);
            }
        }
        visit::visit_attribute(self, node);
    }

    fn visit_path(&mut self, node: &'ast syn::Path) {
        let mut path = names(node);
        if node.leading_colon.is_some() {
            path.insert(0, String::new());
        }
        self.note(What::Path(path), node);
        visit::visit_path(self, node);
    }

    fn visit_token_stream(&mut self, node: &'ast TokenStream) {
        self.tokens(node);
    }
}

fn names(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect()
}

fn has_safety_section(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        matches!(&attribute.meta, Meta::NameValue(doc) if doc.path.is_ident("doc")
            && matches!(&doc.value, syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })
                if text.value().trim() == "# Safety"))
    })
}
