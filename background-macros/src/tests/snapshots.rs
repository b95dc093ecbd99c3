//! What is generated, to be read in `snapshots/`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::expand::expand;

/// The generated items, formatted.
fn expanded(args: &str, item: &str) -> String {
    let parse = |text: &str| -> TokenStream { text.parse().expect("the test's own tokens") };
    let mut output = expand(parse(args), parse(item));
    if item.contains("fn f") && item.ends_with(';') {
        // A function without a body is an item nowhere else.
        output = quote!(trait Declared { #output });
    }
    let file = syn::parse2(output).expect("what is generated consists of items");
    prettyplease::unparse(&file)
}

/// One snapshot per use of the attribute: `name: (arguments) item`.
macro_rules! snapshots {
    ($($name:ident: ($args:literal) $item:literal;)*) => {$(
        #[test]
        fn $name() {
            let mut settings = insta::Settings::new();
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.set_description(concat!("#[background(", $args, ")] ", $item));
            settings.bind(|| insta::assert_snapshot!(stringify!($name), expanded($args, $item)));
        }
    )*};
}

snapshots! {
    plain: ("") "pub fn f(mut a: A, (x, _): (u8, B)) -> R { body(a, x) }";
    no_result: ("") "/// Documentation.\n #[must_use] fn f() { body() }";
    timed: ("timeout = 1.5s, deadline = LIMIT") "fn f(n: u32) -> u32 { while g() {} n }";
    everything: ("dedicated, stack_size = \"2 MiB\", catch, limit = 4, when_full = reject, \
                  name = \"n\", on_drop = join, crate = my::bg") "fn f() -> u32 { 1 }";
    generic: ("") "fn f<T: Send + 'static>(a: T, b: impl Send + 'static) -> Option<impl X> { g(a, b) }";
    method: ("on = self.pool") "fn f(self: Arc<Self>, _n: u8) -> u32 { self.g() }";
    copied: ("to_owned") "fn f(&self, a: &str, b: &'static str) -> usize { self.g(a, b, \"{self}\") }";
    future: ("") "async fn f(a: A) -> Result<R, E> { g(a).await?; Ok(1) }";
    declaration: ("timeout = 1s") "async fn f(self: Box<Self>, _: u8) -> u32;";
    cautious: ("") "unsafe fn f(#[cfg(x)] #[allow(unused)] a: u8, #[expect(unused)] b: u8) { #![allow(y)] g() }";
    queued: ("on = QUEUE, priority = -5, series = &owner") "fn f(owner: String) -> R { body() }";
    stream: ("stream = ahead") "fn f(ahead: usize, mut a: A) -> impl Iterator<Item = R> + Send { a.rows() }";
    stream_named: ("stream, timeout = 1s") "fn f<T: P>(self: Box<Self>, a: Vec<T>) -> std::vec::IntoIter<T> { a.into_iter().map(|x| loop {}) }";
    stream_process: ("stream = 64, process, catch") "fn f(a: A) -> Box<dyn Iterator<Item = Result<R, E>>> { g(a) }";
    stream_copied: ("stream, to_owned") "fn f(&self, a: &str, mut b: u8) -> impl Iterator<Item = &'static str> + '_ { self.g(a, b) }";
    stream_process_copied: ("stream, process, to_owned") "fn f(a: &str) -> Box<dyn Iterator<Item = R> + '_> { g(a) }";
    stream_declaration: ("stream") "fn f(self) -> impl Iterator<Item = Self::Row>;";
    stream_refused: ("stream = 0, on_drop = join") "async fn f(a: &str) -> Vec<u8> { g(a) }";
    process: ("process") "pub fn f(mut a: A, (x, _): (u8, B)) -> R { body(a, x) }";
    process_limits: ("process, on = POOL, memory = \"256 MiB\", cpu = 2s, max_calls = many, timeout = 1s") "fn f(many: u64) { loop { g() } }";
    process_generic: ("process") "fn f<T: P + 'static>(a: Vec<T>, b: impl P + 'static) -> Option<T> { g(a, b) }";
    process_method: ("process") "async fn f(mut self) -> Self { self.g().await; h!(\"{self}\"); self }";
    process_copied: ("process, to_owned") "fn f(&self, a: &str) -> usize { self.g(a) }";
    process_cautious: ("process") "unsafe fn f(#[cfg(x)] #[cfg(y)] #[expect(unused)] (a, _): (u8, u8)) { g() }";
    process_many: ("process") "fn f(a: A, b: A, c: A, d: A, e: A, f: A, g: A, h: A, i: A, j: A, k: A, l: A, m: A, n: A, o: A, p: A, q: A) {}";
    refused_argument: ("timeout = 5, catch") "fn f(a: A) -> R { body(a) }";
    refused_parameter: ("") "pub const fn f<'a>(&self, a: &'a str) -> R { body(a) }";
    refused_item: ("") "struct S;";
}
