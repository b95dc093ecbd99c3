//! The static facts of one attribute or call.

use std::fmt;
use std::panic::Location;

/// Where a background function stands in the source: its name, module, file and line.
///
/// ```
/// use background::{Background, background};
///
/// #[background]
/// fn fetch() -> u8 { 7 }
///
/// let fetched = fetch();
/// let site = Background::site(&fetched);
/// assert_eq!(site.name(), "fetch");
/// assert!(site.line() > 0);
/// assert_eq!(fetched, 7);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Site {
    name: &'static str,
    module: &'static str,
    file: &'static str,
    line: u32,
}

impl Site {
    #[doc(hidden)]
    pub const fn new(
        name: &'static str,
        module: &'static str,
        file: &'static str,
        line: u32,
    ) -> Self {
        Self { name, module, file, line }
    }

    /// The site of a closure: all that is known of it is where it was handed over.
    pub(crate) fn of_closure(caller: &'static Location<'static>) -> Self {
        Self::new(Self::CLOSURE.name, "", caller.file(), caller.line())
    }

    /// Marks a job that comes from a closure; see [`Site::of_closure`].
    pub(crate) const CLOSURE: Self = Self::new("closure", "", "", 0);

    /// The function's name; `closure` for one without a name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The module's path; empty for a closure.
    pub const fn module(&self) -> &'static str {
        self.module
    }

    /// The source file, as the compiler was given it.
    pub const fn file(&self) -> &'static str {
        self.file
    }

    /// The line, counted from 1.
    pub const fn line(&self) -> u32 {
        self.line
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}:{})", self.name, self.file, self.line)
    }
}
