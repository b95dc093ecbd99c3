//! Messages that stay short.

use std::fmt::{self, Write};

/// A message of limited length: the bytes that it quotes may be garbage, and many.
pub(super) struct Short(String);

impl Short {
    const LONGEST: usize = 1000;

    pub(super) fn of(message: fmt::Arguments<'_>) -> String {
        let mut short = Self(String::new());
        if short.write_fmt(message).is_err() {
            short.0.push('…');
        }
        short.0
    }
}

impl Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = Self::LONGEST.saturating_sub(self.0.len());
        if text.len() <= room {
            self.0.push_str(text);
            return Ok(());
        }
        let end = (0..=room).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        self.0.push_str(&text[..end]);
        Err(fmt::Error)
    }
}
