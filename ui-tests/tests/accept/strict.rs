#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, unused_qualifications, unreachable_pub, rust_2018_idioms)]
#![deny(unused_results, unused_lifetimes, single_use_lifetimes, let_underscore_drop)]
#![deny(missing_debug_implementations, trivial_casts, trivial_numeric_casts)]
#![deny(unused_import_braces, absolute_paths_not_starting_with_crate, keyword_idents)]
//! Everything that can be forbidden is.

use background::background;
use std::sync::Arc;

/// A job.
#[derive(Debug, Clone)]
pub struct Job(u32);

impl Job {
    /// Consumes.
    #[background]
    pub fn by_value(self) -> u32 {
        self.0
    }

    /// Shares.
    #[background(on = self.strategy())]
    pub fn shared(self: Arc<Self>, _: u32) -> u32 {
        self.0
    }

    /// Copies.
    #[background(to_owned, timeout = 1min)]
    pub fn copied(&self, more: &[u32]) -> u32 {
        let mut sum = self.0;
        for n in more {
            sum += n;
        }
        sum
    }

    fn strategy(&self) -> background::strategies::Inline {
        background::strategies::Inline
    }
}

/// A function without a result.
#[background(dedicated, stack_size = "1 MiB", limit = 2, when_full = inline)]
pub fn nothing(_ignored: String) {}

/// A function of one expression.
#[background]
pub fn one() -> u32 {
    1
}

/// A future.
#[background]
pub async fn later(a: u32) -> u32 {
    a
}

/// A stream.
#[background(stream = 8, timeout = 1min)]
pub fn many(count: u32) -> impl Iterator<Item = u32> {
    (0..count).map(|n| {
        let mut sum = 0;
        for m in 0..n {
            sum += m;
        }
        sum
    })
}

/// A stream by its name.
#[background(stream)]
pub fn few() -> std::vec::IntoIter<u32> {
    vec![1, 2].into_iter()
}

fn main() {
    assert_eq!(few().chain(many(4).filter_map(Result::ok)).sum::<u32>(), 7);
    assert_eq!(*Job(1).by_value(), 1);
    assert_eq!(*Arc::new(Job(1)).shared(2), 1);
    assert_eq!(*Job(1).copied(&[2, 3]), Ok(6));
    assert_eq!(*nothing(String::new()), ());
    assert_eq!(*one(), 1);
    assert_eq!(*later(2), 2);
}
