//! Arguments whose value is one of a few words: `on_drop` and `when_full`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::krate::Krate;
use super::suggest::unknown;
use crate::span::hygienic;

/// A variant of a public enum of the library, picked by a word.
#[derive(Clone)]
pub(crate) struct Choice {
    options: &'static Options,
    variant: &'static str,
    span: Span,
}

/// The words an argument knows, and what each stands for.
pub(crate) struct Options {
    /// The argument's name.
    pub(crate) key: &'static str,
    /// The enum in the library.
    pub(crate) enumeration: &'static str,
    /// Each word with its variant.
    pub(crate) words: &'static [(&'static str, &'static str)],
}

/// What happens to a task when its future is dropped.
pub(crate) static ON_DROP: Options = Options {
    key: "on_drop",
    enumeration: "OnDrop",
    words: &[("detach", "Detach"), ("cancel", "Cancel"), ("join", "Join")],
};

/// What happens to a call when as many tasks as `limit` allows are under way.
pub(crate) static WHEN_FULL: Options = Options {
    key: "when_full",
    enumeration: "WhenFull",
    words: &[("block", "Block"), ("inline", "Inline"), ("reject", "Reject")],
};

impl Options {
    /// Finds the word.
    pub(crate) fn choose(&'static self, word: &Ident) -> syn::Result<Choice> {
        let text = word.to_string();
        match self.words.iter().find(|(known, _)| *known == text) {
            Some((_, variant)) => Ok(Choice { options: self, variant, span: word.span() }),
            None => Err(syn::Error::new(
                word.span(),
                unknown(&format!("value of `{}`", self.key), &text, &self.known()),
            )),
        }
    }

    /// What to write, for a value that is not even a word.
    pub(crate) fn expected(&self) -> String {
        format!("expected `{} = {}`", self.key, self.known().join(" | "))
    }

    fn known(&self) -> Vec<&'static str> {
        self.words.iter().map(|(word, _)| *word).collect()
    }

    /// The first word: what holds if the argument is left out.
    pub(crate) fn default(&'static self) -> Choice {
        Choice { options: self, variant: self.words[0].1, span: Span::mixed_site() }
    }
}

impl Choice {
    /// The path of the variant.
    pub(crate) fn expand(&self, krate: &Krate) -> TokenStream {
        let span = hygienic(self.span);
        let krate = krate.at(span);
        let enumeration = Ident::new(self.options.enumeration, span);
        let variant = Ident::new(self.variant, span);
        quote_spanned!(span=> #krate::__private::#enumeration::#variant)
    }
}
