//! Whatever stands in the parentheses and below: the expansion is an answer, not a panic, and what was
//! named is still there.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::FileFailurePersistence;

use crate::expand::expand;

/// Tokens that mean something to the attribute or to Rust.
const TOKENS: [&str; 79] = [
    "thread",
    "dedicated",
    "process",
    "lazy",
    "on",
    "timeout",
    "deadline",
    "catch",
    "killable",
    "to_owned",
    "limit",
    "stream",
    "Iterator",
    "Item",
    "when_full",
    "priority",
    "series",
    "name",
    "stack_size",
    "memory",
    "cpu",
    "max_calls",
    "on_drop",
    "crate",
    "=",
    ",",
    ";",
    ":",
    "::",
    "->",
    "&",
    "&&",
    "<",
    ">",
    "|",
    "#",
    "!",
    "?",
    "...",
    "..",
    "'a",
    "'static",
    "'_",
    "1s",
    "1.5",
    "5",
    "-",
    "\"1m\"",
    "\"{self}\"",
    "true",
    "block",
    "self",
    "Self",
    "mut",
    "ref",
    "_",
    "fn",
    "async",
    "const",
    "unsafe",
    "extern",
    "impl",
    "dyn",
    "where",
    "for",
    "loop",
    "while",
    "if",
    "let",
    "use",
    "pub",
    "struct",
    "r#fn",
    "T",
    "x",
    "u8",
    "str",
    "()",
    "{}",
];

/// Functions to damage.
const FUNCTIONS: [&str; 8] = [
    "pub fn name(mut a: u8, (b, _): (u8, &'static str)) -> Result<u8, E> { loop { a += b? } }",
    "fn name<'a, T: Send + 'static, const N: usize>(&self, a: &'a [T; N]) -> T where T: Clone { a[0] }",
    "async unsafe fn name(self: Box<Self>, #[cfg(x)] a: impl Fn(&str) -> u8) -> impl X + '_ { a(\"{self}\") }",
    "#[must_use] #[doc = \"x\"] pub(crate) fn name(&mut self) -> ! { #![allow(x)] f!(self, \"{self:?}\") }",
    "fn name(self: Rc<Self>, x @ Some(_): Option<u8>, ...);",
    "const extern \"C\" fn name() -> Cow<'_, str> { while let Some(x) = y { for z in x {} } }",
    "fn name<#[cfg(y)] T>(a: Box<dyn for<'b> Fn(&'b T) + Send>, b: fn(&u8), c: !) {}",
    "fn name(self) -> Option<impl Iterator<Item = u8> + use<'a>> { || { loop {} }; use a::{self, b}; }",
];

/// Arguments to damage.
const ARGUMENTS: [&str; 6] = [
    "",
    "timeout = 1s, deadline = \"1m 30s\", catch, killable = false",
    "dedicated, stack_size = \"2 MiB\", name = \"x\", on_drop = cancel",
    "on = self.pool, to_owned, limit = 4, when_full = inline",
    "process, on = POOL, to_owned, memory = \"1 GiB\", cpu = 2s, max_calls = 100",
    "lazy = true, crate = a::b, timeout = Duration::MAX",
];

fn tokens(text: &str) -> TokenStream {
    text.parse().expect("the test's own tokens")
}

fn soup() -> impl Strategy<Value = TokenStream> {
    vec(select(&TOKENS[..]), 0..24).prop_map(|words| words.join(" ").parse().unwrap_or_default())
}

/// What happens to the token at a place.
#[derive(Clone, Debug)]
enum Damage {
    Remove,
    Double,
    Replace(&'static str),
}

fn damage() -> impl Strategy<Value = (Index, Damage)> {
    let kind = prop_oneof![
        Just(Damage::Remove),
        Just(Damage::Double),
        select(&TOKENS[..]).prop_map(Damage::Replace),
    ];
    (any::<Index>(), kind)
}

fn damaged(texts: &'static [&'static str]) -> impl Strategy<Value = TokenStream> {
    (select(texts), vec(damage(), 0..4)).prop_map(|(text, damages)| {
        damages.into_iter().fold(tokens(text), |tokens, (place, damage)| {
            let mut place = place.index(size(&tokens).max(1));
            change(tokens, &mut place, &damage)
        })
    })
}

fn size(tokens: &TokenStream) -> usize {
    let within = |token| match token {
        TokenTree::Group(group) => 1 + size(&group.stream()),
        _ => 1,
    };
    tokens.clone().into_iter().map(within).sum()
}

/// Damages the token that `place` more tokens precede, at any depth.
fn change(stream: TokenStream, place: &mut usize, damage: &Damage) -> TokenStream {
    let mut output = TokenStream::new();
    for token in stream {
        let here = *place == 0;
        *place = place.wrapping_sub(1);
        let token = match token {
            TokenTree::Group(group) if !here => {
                let content = change(group.stream(), place, damage);
                TokenTree::Group(Group::new(group.delimiter(), content))
            }
            other => other,
        };
        match damage {
            _ if !here => output.extend([token]),
            Damage::Remove => {}
            Damage::Double => output.extend([token.clone(), token]),
            Damage::Replace(text) => output.extend(tokens(text)),
        }
    }
    output
}

/// The name after the first `fn` outside of groups.
fn function(tokens: &TokenStream) -> Option<String> {
    let mut tokens = tokens.clone().into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if word == "fn" => match tokens.next() {
                Some(TokenTree::Ident(name)) => return Some(name.to_string()),
                _ => return None,
            },
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return None,
            _ => {}
        }
    }
    None
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 3_000,
        failure_persistence: None::<Box<FileFailurePersistence>>.map(|found| found as _),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn soup_is_survived(args in soup(), item in soup()) {
        expand(args, item);
    }

    #[test]
    fn a_function_keeps_its_name(args in soup(), item in damaged(&FUNCTIONS)) {
        let expected = function(&item);
        prop_assert_eq!(function(&expand(args, item)), expected);
    }

    #[test]
    fn damaged_arguments_are_survived(args in damaged(&ARGUMENTS), item in damaged(&FUNCTIONS)) {
        let expected = function(&item);
        prop_assert_eq!(function(&expand(args, item)), expected);
    }
}
