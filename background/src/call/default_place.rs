//! The strategy of whoever names none.

use std::env;

use crate::dedicated::Dedicated;
use crate::inline::Inline;
use crate::lazy::Lazy;
use crate::strategy::Strategy;
use crate::sync::global::OnceLock;
use crate::task::Task;
use crate::thread::Thread;

/// The strategy of the whole program for calls that name none: the pool, unless the environment
/// variable `BACKGROUND_STRATEGY` says `thread`, `dedicated`, `inline` or `lazy`.
///
/// The variable is read once, at the first call.
///
/// # Panics
///
/// [`Strategy::start`] panics when the variable has any other value: a debugging aid that
/// silently does nothing would mislead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DefaultPlace;

#[derive(Clone, Copy)]
enum Choice {
    Thread,
    Dedicated,
    Inline,
    Lazy,
}

impl Choice {
    const VARIABLE: &str = "BACKGROUND_STRATEGY";

    fn of_the_program() -> Self {
        static CHOICE: OnceLock<Choice> = OnceLock::new();
        *CHOICE.get_or_init(|| match env::var_os(Self::VARIABLE) {
            None => Self::Thread,
            Some(value) => match value.to_str() {
                Some("" | "thread") => Self::Thread,
                Some("dedicated") => Self::Dedicated,
                Some("inline") => Self::Inline,
                Some("lazy") => Self::Lazy,
                _ => panic!(
                    "{}={} names no strategy; expected thread, dedicated, inline or lazy",
                    Self::VARIABLE,
                    value.to_string_lossy()
                ),
            },
        })
    }
}

impl Strategy for DefaultPlace {
    fn start(&self, task: Task) {
        match Choice::of_the_program() {
            Choice::Thread => Thread.start(task),
            Choice::Dedicated => Dedicated::new().start(task),
            Choice::Inline => Inline.start(task),
            Choice::Lazy => Lazy.start(task),
        }
    }

    fn claim_on_touch(&self) -> bool {
        matches!(Choice::of_the_program(), Choice::Thread)
    }
}
