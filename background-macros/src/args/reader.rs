//! Reads the argument list, and goes on after an argument that makes no sense.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::Token;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};

use super::choice::{ON_DROP, WHEN_FULL};
use super::count::{LIMIT, MAX_CALLS};
use super::niceness;
use super::suggest::unknown;
use super::values::{choice, cpu, expression, flag, name, path, series, size};
use super::{Args, Krate, Place, Streaming, Time};
use crate::errors::Errors;

/// The arguments there are, in the order in which the documentation lists them.
const KEYS: [&str; 23] = [
    "thread",
    "dedicated",
    "process",
    "inline",
    "lazy",
    "on",
    "timeout",
    "deadline",
    "catch",
    "killable",
    "to_owned",
    "stream",
    "limit",
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
];

/// Reads the tokens between the attribute's parentheses.
pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Args {
    let mut reader = Reader {
        args: Args::default(),
        seen: BTreeMap::new(),
        place: None,
        process: false,
        errors,
    };
    names(tokens.clone(), &mut reader.args.names);
    let outcome = (|input: ParseStream<'_>| {
        reader.list(input);
        Ok(())
    })
    .parse2(tokens);
    if let Err(error) = outcome {
        reader.errors.push(error);
    }
    reader.agree();
    reader.args
}

/// Collects the names in the tokens, at any depth.
fn names(tokens: TokenStream, found: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                found.insert(ident.to_string());
            }
            TokenTree::Group(group) => names(group.stream(), found),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

struct Reader<'a> {
    args: Args,
    /// Where each key was given first.
    seen: BTreeMap<String, Span>,
    /// The word that decided on the place.
    place: Option<String>,
    /// Whether `process` was asked for, even if it cannot be.
    process: bool,
    errors: &'a mut Errors,
}

impl Reader<'_> {
    fn list(&mut self, input: ParseStream<'_>) {
        while !input.is_empty() {
            let complete = match self.argument(input) {
                Ok(()) => true,
                Err(error) => {
                    self.errors.push(error);
                    false
                }
            };
            if complete && !input.is_empty() && !input.peek(Token![,]) {
                self.errors.push(input.error("expected `,` between arguments"));
            }
            skip_past_comma(input);
        }
    }

    fn argument(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let Ok(key) = input.call(Ident::parse_any) else {
            return Err(input.error("expected an argument, for example `timeout = 1s`"));
        };
        let word = key.unraw().to_string();
        if !KEYS.contains(&word.as_str()) {
            return Err(syn::Error::new(key.span(), unknown("argument", &word, &KEYS)));
        }
        let first = !self.seen.contains_key(&word);
        if first {
            self.seen.insert(word.clone(), key.span());
        } else {
            self.errors.here(key.span(), format!("`{word}` is given twice"));
            skip_to_comma(input);
            return Ok(());
        }
        match word.as_str() {
            "thread" | "dedicated" | "inline" | "lazy" => {
                if flag(&key, input)? {
                    self.choose(&word, Place::Word(Ident::new(&word, key.span())), &key);
                }
            }
            "process" => {
                if flag(&key, input)? {
                    self.travel(&key);
                }
            }
            "on" => {
                let strategy = expression(&key, input, "a strategy: `on = self.pool`")?;
                self.choose(&word, Place::On(Box::new(strategy)), &key);
            }
            "timeout" => self.args.timeout = Some(self.time(&key, input)),
            "deadline" => self.args.deadline = Some(self.time(&key, input)),
            "catch" => self.args.catch = flag(&key, input)?,
            "killable" => self.args.killable = Some(flag(&key, input)?),
            "to_owned" => self.args.to_owned = flag(&key, input)?,
            "stream" => {
                let (streaming, outcome) = Streaming::parse(&key, input);
                self.args.stream = streaming;
                outcome?;
            }
            "limit" => {
                let value = expression(&key, input, "a number: `limit = 4`")?;
                self.args.limit = Some(LIMIT.parse(value)?);
            }
            "when_full" => self.args.when_full = Some(choice(&WHEN_FULL, &key, input)?),
            "priority" => {
                let value = expression(&key, input, "a niceness: `priority = 5`")?;
                self.args.priority = Some(niceness::parse(value)?);
            }
            "series" => self.args.series = Some(series(&key, input)?),
            "name" => self.args.name = Some(name(&key, input)?),
            "stack_size" => {
                self.args.stack_size = Some(size("stack_size = \"2 MiB\"", &key, input)?);
            }
            "memory" => {
                self.args.memory = Some(size("memory = \"256 MiB\"", &key, input)?);
            }
            "cpu" => self.args.cpu = Some(cpu(&key, input)?),
            "max_calls" => {
                let value = expression(&key, input, "a number: `max_calls = 100`")?;
                self.args.max_calls = Some(MAX_CALLS.parse(value)?);
            }
            "on_drop" => self.args.on_drop = Some(choice(&ON_DROP, &key, input)?),
            _ => self.args.krate = Krate::new(path(&key, input)?),
        }
        Ok(())
    }

    fn choose(&mut self, word: &str, place: Place, key: &Ident) {
        // With `on` a process is one of that pool's.
        let process = (self.process && word != "on").then_some("process");
        if let Some(other) = self.place.as_deref().or(process) {
            self.errors.here(key.span(), rivals(other, word));
        } else {
            self.args.place = Some(place);
            self.place = Some(word.to_owned());
        }
    }

    fn travel(&mut self, key: &Ident) {
        self.process = true;
        if let Some(other) = self.place.as_deref().filter(|other| *other != "on") {
            self.errors.here(key.span(), rivals(other, "process"));
        } else if cfg!(feature = "process") {
            self.args.process = true;
        } else {
            self.errors.here(
                key.span(),
                "other processes are a feature of the crate `background`, and it is off: write \
                 `features = [\"process\"]` where `Cargo.toml` names the crate",
            );
        }
    }

    /// A bad time limit is still a time limit: the function's type depends on it.
    fn time(&mut self, key: &Ident, input: ParseStream<'_>) -> Time {
        let word = key.to_string();
        let example = format!("a duration: `{word} = 1s`");
        expression(key, input, &example).and_then(|value| Time::parse(&word, value)).unwrap_or_else(
            |error| {
                self.errors.push(error);
                skip_to_comma(input);
                Time::placeholder()
            },
        )
    }

    /// What arguments ask of each other.
    fn agree(&mut self) {
        let place = self.place.as_deref();
        if let Some(span) = self.seen.get("when_full") {
            if !self.seen.contains_key("limit") {
                self.errors
                    .here(*span, "`when_full` says what happens at a limit: add `limit = 4`");
            }
        }
        if let (Some(span), Some("lazy")) = (self.seen.get("limit"), place) {
            self.errors.here(
                *span,
                "`limit` has no meaning with `lazy`: nothing runs or queues before it is looked at",
            );
        }
        for key in ["memory", "cpu", "max_calls"] {
            if let Some(span) = self.seen.get(key).filter(|_| !self.process) {
                self.errors.here(*span, format!("`{key}` limits a process: add `process`"));
            }
        }
        if let Some(span) = self.seen.get("stack_size") {
            if self.process {
                self.errors.here(
                    *span,
                    "`stack_size` has no meaning with `process`: it is for a thread of its own, \
                     with `dedicated`",
                );
            } else if place != Some("dedicated") {
                self.errors.here(*span, "`stack_size` needs a thread of its own: add `dedicated`");
            }
        }
    }
}

fn rivals(one: &str, other: &str) -> String {
    format!("a function has one strategy: `{one}` or `{other}`")
}

fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        if input.parse::<TokenTree>().is_err() {
            return;
        }
    }
}

fn skip_past_comma(input: ParseStream<'_>) {
    skip_to_comma(input);
    if input.peek(Token![,]) && input.parse::<Token![,]>().is_err() {
        // Unreachable after the peek, but a list that does not shrink would loop for ever.
        while input.parse::<TokenTree>().is_ok() {}
    }
}
