//! What is refused, by what is said about it. Where it is said is seen in the package `ui-tests`.

use proc_macro2::{Literal, TokenStream, TokenTree};

use crate::expand::expand;

/// The texts of the `compile_error!`s in the expansion.
fn complaints(args: &str, item: &str) -> Vec<String> {
    let parse = |text: &str| -> TokenStream { text.parse().expect("the test's own tokens") };
    let mut found = Vec::new();
    let mut after_name = false;
    for token in expand(parse(args), parse(item)) {
        match token {
            TokenTree::Ident(word) if word == "compile_error" => after_name = true,
            TokenTree::Group(group) if after_name => {
                after_name = false;
                let text = group.stream().into_iter().next();
                let Some(TokenTree::Literal(text)) = text else {
                    panic!("a `compile_error!` has a text");
                };
                found.push(value(&text));
            }
            _ => {}
        }
    }
    found
}

fn value(literal: &Literal) -> String {
    syn::parse_str::<syn::LitStr>(&literal.to_string())
        .expect("the text of a `compile_error!` is a string")
        .value()
}

#[track_caller]
fn refuses(args: &str, item: &str, texts: &[&str]) {
    let found = complaints(args, item);
    assert_eq!(found.len(), texts.len(), "{found:#?}");
    for (found, text) in found.iter().zip(texts) {
        assert!(found.contains(text), "{found}\ndoes not say\n{text}");
    }
}

#[test]
fn attributes_that_start_the_function_themselves() {
    for attr in [
        "test",
        "bench",
        "tokio::main",
        "tokio::test",
        "actix_web::main",
        "core::prelude::v1::test",
    ] {
        refuses("", &format!("#[{attr}] fn f() {{}}"), &["starts this function itself"]);
    }
    refuses("", "#[mine::test] fn f() {}", &[]);
}

#[test]
fn attributes_that_export_the_function() {
    for attr in
        ["no_mangle", "unsafe(no_mangle)", "export_name = \"g\"", "unsafe(export_name = \"g\")"]
    {
        refuses("", &format!("#[{attr}] fn f() {{}}"), &["exports a Rust function"]);
    }
    refuses("", "#[unsafe(link_section = \"s\")] fn f() {}", &[]);
}

#[test]
fn the_attribute_twice() {
    for attr in ["background", "background(lazy)", "::background::background"] {
        refuses("", &format!("#[{attr}] fn f() {{}}"), &["twice"]);
    }
}

#[test]
fn receivers() {
    for receiver in [
        "self",
        "mut self",
        "self: Box<Self>",
        "self: Arc<Self>",
        "&'static self",
        "self: Pin<Arc<Self>>",
        "self: &'static Self",
    ] {
        refuses("", &format!("fn f({receiver}) {{}}"), &[]);
    }
    for receiver in ["&self", "self: &Self", "&'a self", "self: &Arc<Self>"] {
        refuses("", &format!("fn f({receiver}) {{}}"), &["cannot borrow `self`"]);
        refuses("to_owned", &format!("fn f({receiver}) {{}}"), &[]);
    }
    for receiver in ["&mut self", "self: &mut Self", "&'static mut self"] {
        refuses("to_owned", &format!("fn f({receiver}) {{}}"), &["mutably"]);
    }
    refuses("", "fn f(self: std::rc::Rc<Self>) {}", &["`self: Arc<Self>`"]);
    refuses("", "fn f(self: Pin<&Self>) {}", &["Pin<Box<Self>>"]);
}

#[test]
fn what_to_write_instead_of_a_reference() {
    for (ty, instead) in [
        ("&str", "`String`"),
        ("&[u8]", "`Vec<u8>`"),
        ("&std::path::Path", "`PathBuf`"),
        ("&OsStr", "`OsString`"),
        ("&CStr", "`CString`"),
        ("&dyn Shape", "`Box<dyn Shape + Send>`"),
        ("&impl Shape", "an owned type"),
        ("&Config", "`Config` or `Arc<Config>`"),
        ("&mut u8", "return it changed"),
        ("Cow<'_, str>", "`'static` or an owned type"),
    ] {
        refuses("", &format!("fn f(a: {ty}) {{}}"), &[instead]);
    }
}

#[test]
fn what_another_process_cannot_see() {
    for (item, text) in [
        ("fn f(self: Arc<Self>) {}", "`Arc` belongs to one process"),
        ("fn f(self: std::rc::Rc<Self>) {}", "an `Rc` belongs to one process"),
        ("fn f(self: Pin<Box<Self>>) {}", "a `Pin` belongs to one process"),
        ("fn f(&self) {}", "`#[background(process, to_owned)]`"),
        ("fn f(&'static self) {}", "cannot borrow `self`"),
        ("fn f(&mut self) {}", "take `mut self` and return it"),
        ("fn f(a: &str) {}", "write `String`, or send a copy"),
        ("fn f(a: &Config) {}", "write `Config`, or"),
        ("fn f(a: &dyn Shape) {}", "an owned type"),
        ("fn f(a: &mut u8) {}", "return it changed"),
        ("fn f(a: Cow<'_, str>) {}", "valid only for `'_`"),
        ("fn f(a: &'static str) {}", "`&'static str`, which points into one: write `String`"),
        ("fn f(a: Option<&'static [u8]>) {}", "write `Vec<u8>`"),
        ("fn f() -> &'static str { \"\" }", "cannot return `&'static str`"),
        ("fn f() -> &str { \"\" }", "a function in another process cannot return `&str`: write"),
    ] {
        refuses("process", item, &[text]);
    }
    for item in [
        "fn f(self) {}",
        "fn f(mut self) {}",
        "fn f(self: Box<Self>) {}",
        "fn f(a: Cow<'static, str>, b: impl Shape<&'static str>) -> impl Shape {}",
        "async unsafe fn f<T>((a, _): (T, u8)) -> T { a }",
    ] {
        refuses("process", item, &[]);
    }
    refuses("process, to_owned", "fn f(&self, a: &str, b: &[u8]) {}", &[]);
    refuses("process, to_owned", "fn f(a: &'static str) {}", &["write `String`"]);
    refuses("process, to_owned", "fn f(a: &Vec<&'static str>) {}", &["write `String`"]);
}

#[test]
fn streams_of_nothing() {
    let no_iterator = "has to return an iterator: `impl Iterator<Item = …>`";
    for item in [
        "fn f() {}",
        "fn f() -> () {}",
        "fn f() -> ! { g() }",
        "fn f() -> (u8, u8) { g() }",
        "fn f() -> &'static [u8] { g() }",
        "fn f() -> fn() -> u8 { g }",
        "fn f() -> Box<impl Iterator<Item = u8>> { g() }",
        "fn f();",
    ] {
        refuses("stream", item, &[no_iterator]);
    }
    for (item, text) in [
        ("fn f() -> [u8; 2] { g() }", "`.into_iter()`"),
        ("fn f() -> Result<impl Iterator<Item = u8>, E> { g() }", "its items: `Item = Result<…>`"),
        ("fn f() -> std::collections::HashMap<u8, u8> { g() }", "`.into_iter()`"),
        ("fn f() -> Option<u8>;", "its items: `Item = Option<…>`"),
        ("fn f() -> impl Iterator { g() }", "say what its items are"),
        ("fn f() -> impl Display + Send { g() }", "say what its items are"),
        ("async fn f() -> impl Iterator<Item = u8> { g() }", "remove `async`"),
        ("fn f() -> impl Iterator<Item = &u8> { g() }", "cannot return `&u8`"),
        ("fn f(a: &str) -> std::vec::IntoIter<u8> { g() }", "cannot take `&str`"),
    ] {
        refuses("stream", item, &[text]);
    }
    for item in [
        "fn f() -> impl Iterator<Item = u8> { g() }",
        "fn f<'a, T>(a: T) -> impl Send + DoubleEndedIterator<Item = T> + use<'a, T> { g() }",
        "fn f() -> (impl std::iter::Iterator<Item = impl Display>) { g() }",
        "fn f() -> std::vec::IntoIter<u8> { g() }",
        "fn f() -> Self { g() }",
        "fn f(self) -> Box<dyn Iterator<Item = u8> + Send>;",
    ] {
        refuses("stream", item, &[]);
    }
    for item in [
        "fn f(a: &str) -> impl Iterator<Item = u8> + '_ { g(a) }",
        "fn f<'a>(&'a self, a: &'a str) -> Box<dyn Iterator<Item = u8> + 'a>;",
    ] {
        refuses("stream, to_owned", item, &[]);
    }
    let item = "fn f(a: &str) -> impl Iterator<Item = &str> + '_ { g(a) }";
    refuses("stream, to_owned", item, &["cannot return `&str`"]);
    let item = "fn f() -> impl Iterator<Item = &'static str> { g() }";
    refuses("stream", item, &[]);
    refuses("stream, process", item, &["`&'static str`, which points into one"]);
}

#[test]
fn every_complaint_is_made_at_once() {
    refuses(
        "timout = 1s, catch, catch, limit = 0",
        "const extern \"C\" fn f(&self, a: &str) -> &str { \"\" }",
        &[
            "did you mean `timeout`",
            "`catch` is given twice",
            "a limit of 0",
            "remove `const`",
            "`extern`",
            "cannot borrow `self`",
            "cannot take `&str`",
            "cannot return `&str`",
        ],
    );
}

#[test]
fn after_a_bad_argument_the_others_count() {
    let output = |args: &str| {
        let parse = |text: &str| -> TokenStream { text.parse().expect("the test's own tokens") };
        expand(parse(args), parse("fn f() -> R { g() }")).to_string()
    };
    assert!(
        output("name = 5, catch")
            .contains("Background < R , :: background :: __private :: Failure >")
    );
    assert!(
        output("timeout = 5").contains("Background < R , :: background :: __private :: Timeout >")
    );
    assert!(output("timeout").contains("Background < R , :: background :: __private :: Timeout >"));
    assert!(output("stream = 0, name = 5").contains("BackgroundIter < < R as"));
    assert!(output("stream(64)").contains("BackgroundIter < < R as"));
    assert!(output("stream = false").contains("Background < R >"));
    assert!(output("stream = true").contains("BackgroundIter < < R as"));
    assert!(output("cluster").contains("Background < R >"));
    assert!(output("process, memory = 0").contains(". process ()"));
    assert!(output("lazy, process").contains(". lazy ()"));
    assert!(output("catch = maybe").contains("Background < R >"));
}

#[test]
fn arguments() {
    let item = "fn f() -> std::vec::IntoIter<u8> {}";
    for (args, text) in [
        ("dedicated, lazy", "one strategy: `dedicated` or `lazy`"),
        ("lazy, limit = 2", "no meaning with `lazy`"),
        ("when_full = block", "add `limit = 4`"),
        ("stack_size = 4096", "add `dedicated`"),
        ("dedicated, stack_size = 0", "0 bytes"),
        ("process, dedicated", "one strategy: `process` or `dedicated`"),
        ("lazy, process", "one strategy: `lazy` or `process`"),
        ("process, stack_size = 4096", "no meaning with `process`"),
        ("memory = \"1 GiB\"", "`memory` limits a process: add `process`"),
        ("process = false, cpu = 1s", "`cpu` limits a process: add `process`"),
        ("on = POOL, max_calls = 1", "`max_calls` limits a process: add `process`"),
        ("process, memory = 0", "0 bytes"),
        ("process, memory = true", "`memory = \"256 MiB\"`"),
        ("process, memory", "`memory = \"256 MiB\"`"),
        ("process, cpu = 0s", "leave the argument out"),
        ("process, cpu = 2", "`cpu = 2s`"),
        ("process, cpu", "`cpu = 2s`"),
        ("process, max_calls = 0", "at least `1`"),
        ("process, max_calls = -1", "negative"),
        ("process, max_calls = 1u8", "expected a number of calls"),
        ("process, max_calls = \"many\"", "expected a number of calls"),
        ("process, max_calls", "`max_calls = 100`"),
        ("proces", "did you mean `process`"),
        ("max_call = 4", "did you mean `max_calls`"),
        ("catch(true)", "takes no parentheses"),
        ("timeout(1s)", "`timeout = 1s`"),
        ("timeout =", "`timeout = 1s`"),
        ("on_drop = canel", "did you mean `cancel`"),
        ("limit = -1", "negative"),
        ("limit = 2u8", "expected a number of tasks"),
        ("name = \"a\\0b\"", "NUL"),
        ("crate = \"a b\"", "needs a path"),
        ("stream = 0", "at least `1`"),
        ("stream = -1", "negative"),
        ("stream = 1u8", "expected a number of items"),
        ("stream = \"all\"", "expected a number of items"),
        ("stream(64)", "write `stream = 64`"),
        ("streams = 64", "did you mean `stream`"),
        ("priority = 21", "Niceness must be an integer between -20 and +20"),
        ("priority = -21", "Niceness must be an integer between -20 and +20"),
        ("priority = \"high\"", "Niceness must be an integer between -20 and +20"),
        ("priority", "`priority = 5`"),
        ("priorty = 5", "did you mean `priority`"),
        ("series = 5", "expected a text: `series = \"uploads\"`"),
        ("series", "`series = \"uploads\"`"),
        ("dedicated; catch", "expected `,`"),
        ("= 5", "expected an argument"),
    ] {
        refuses(args, item, &[text]);
    }
}
