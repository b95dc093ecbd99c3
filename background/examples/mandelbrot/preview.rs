//! The picture in a terminal: each letter is two points, one above the other.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use crate::palette::{Colour, Palette};
use crate::picture::Picture;

/// What a terminal has that does not say how wide it is.
const COLUMNS: u32 = 80;

/// A picture that is shown while it is computed.
pub(crate) struct Preview {
    palette: Palette,
    terminal: Box<dyn Write>,
    /// Every so manieth point is shown.
    step: u32,
    /// The number of the next row.
    row: u32,
    /// The upper half of the next line.
    upper: Option<Vec<Colour>>,
}

impl Preview {
    /// On standard output if it is free and a terminal, else on standard error.
    pub(crate) fn new(picture: &Picture, stdout_is_free: bool) -> Option<Self> {
        let (terminal, columns): (Box<dyn Write>, _) =
            if stdout_is_free && io::stdout().is_terminal() {
                (Box::new(io::stdout()), columns(io::stdout()))
            } else if io::stderr().is_terminal() {
                (Box::new(io::stderr()), columns(io::stderr()))
            } else {
                return None;
            };
        let palette = Palette::new(picture);
        let step = picture.width.div_ceil(columns);
        Some(Self { palette, terminal, step, row: 0, upper: None })
    }

    pub(crate) fn row(&mut self, counts: &[u16]) -> io::Result<()> {
        let is_shown = self.row % self.step == 0;
        self.row += 1;
        if !is_shown {
            return Ok(());
        }
        let points = counts.iter().step_by(self.step as usize);
        let colours: Vec<Colour> = points.map(|count| self.palette.colour(*count)).collect();
        match self.upper.take() {
            None => {
                self.upper = Some(colours);
                Ok(())
            }
            Some(upper) => self.line(&upper, Some(&colours)),
        }
    }

    /// Shows the last row, if it has no partner.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        match self.upper.take() {
            Some(upper) => self.line(&upper, None),
            None => Ok(()),
        }
    }

    fn line(&mut self, upper: &[Colour], lower: Option<&[Colour]>) -> io::Result<()> {
        let mut line = String::new();
        for (x, [red, green, blue]) in upper.iter().enumerate() {
            let _ = write!(line, "\x1b[38;2;{red};{green};{blue}m");
            if let Some([red, green, blue]) = lower.map(|lower| lower[x]) {
                let _ = write!(line, "\x1b[48;2;{red};{green};{blue}m");
            }
            line.push('▀');
        }
        line.push_str("\x1b[0m\n");
        self.terminal.write_all(line.as_bytes())?;
        self.terminal.flush()
    }
}

#[cfg(unix)]
fn columns(terminal: impl std::os::fd::AsFd) -> u32 {
    match rustix::termios::tcgetwinsize(terminal) {
        Ok(size) if size.ws_col > 0 => size.ws_col.into(),
        _ => COLUMNS,
    }
}

#[cfg(not(unix))]
fn columns<T>(_: T) -> u32 {
    COLUMNS
}
