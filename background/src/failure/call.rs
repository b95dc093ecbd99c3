//! One call of a background function.

use std::fmt;
use std::panic::Location;

/// One call of a background function, as failures name it.
///
/// Prints as `` `name` (called at file:line:column) ``.
///
/// ```
/// use background::{Background, Failure, task};
///
/// let inner = task().name("inner").spawn(|| -> u8 { panic!("boom") });
/// let outer = task().spawn(move || inner + 1);
/// let Err(Failure::Panicked { chain, .. }) = Background::outcome(&outer) else {
///     panic!("the failure is a panic");
/// };
/// assert_eq!(chain.calls()[0].name(), "inner");
/// assert_eq!(chain.calls()[0].call_site().file(), file!());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    name: Box<str>,
    call_site: &'static Location<'static>,
}

impl Call {
    pub(crate) fn new(name: &str, call_site: &'static Location<'static>) -> Self {
        Self { name: name.into(), call_site }
    }

    /// The name that was asked for, else the function's.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the function was called.
    #[must_use]
    pub fn call_site(&self) -> &'static Location<'static> {
        self.call_site
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` (called at {})", self.name, self.call_site)
    }
}
