//! What the user sees.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::path::Path;
use std::time::Duration;

use background::{Background, Timeout};
use indicatif::{ProgressBar, ProgressStyle};

use crate::Sum;

/// Sums on standard output; progress and complaints on standard error.
pub(crate) struct Report {
    out: BufWriter<StdoutLock<'static>>,
    /// Shows nothing unless standard error is a terminal.
    bar: ProgressBar,
    /// The sums go to a terminal, where they and the bar must not write into each other.
    to_terminal: bool,
    complete: bool,
}

impl Report {
    pub(crate) fn new() -> Self {
        let style = ProgressStyle::with_template("{elapsed:>4} {wide_bar} {pos} of {len} files");
        let bar = ProgressBar::new(0).with_style(style.expect("the template is a constant"));
        if !bar.is_hidden() {
            // It also has to move while a large file keeps everything waiting.
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self {
            out: BufWriter::new(io::stdout().lock()),
            bar,
            to_terminal: io::stdout().is_terminal(),
            complete: true,
        }
    }

    /// Everything could be read.
    pub(crate) fn is_complete(&self) -> bool {
        self.complete
    }

    /// One more file is under way.
    pub(crate) fn found(&self) {
        self.bar.inc_length(1);
    }

    /// Prints a file's sum, waiting for it if need be.
    pub(crate) fn file(
        &mut self,
        path: &Path,
        sum: Background<Result<Sum, String>, Timeout>,
    ) -> io::Result<()> {
        if !Background::is_ready(&sum) {
            // Whoever reads along sees all there is so far.
            self.out.flush()?;
        }
        match Background::join(sum) {
            Ok(Ok(sum)) => self.line(path, &sum)?,
            Ok(Err(error)) => self.complain(&format_args!("{}: {error}", path.display())),
            Err(Timeout) => self.complain(&format_args!("{}: {Timeout}", path.display())),
        }
        self.bar.inc(1);
        Ok(())
    }

    fn line(&mut self, path: &Path, sum: &Sum) -> io::Result<()> {
        let line = line(path, sum);
        if !self.to_terminal {
            return self.out.write_all(&line);
        }
        self.bar.suspend(|| {
            self.out.write_all(&line)?;
            self.out.flush()
        })
    }

    /// Reports a folder that could not be walked.
    pub(crate) fn unreadable(&mut self, error: &walkdir::Error) {
        match (error.path(), error.io_error()) {
            (Some(path), Some(error)) => {
                self.complain(&format_args!("{}: {error}", path.display()));
            }
            _ => self.complain(error),
        }
    }

    /// Reports what went wrong. The others go on.
    pub(crate) fn complain(&mut self, what: &dyn Display) {
        self.complete = false;
        self.bar.suspend(|| {
            // Where standard error is closed there is nobody left to tell.
            let _ = writeln!(io::stderr(), "checksum: {what}");
        });
    }

    /// Removes the bar and writes what was held back.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.bar.finish_and_clear();
        self.out.flush()
    }
}

/// A line as `sha256sum` writes it: the name byte by byte, because names need not be text; with a
/// backslash in front if the name has letters that would break the line and are escaped.
fn line(path: &Path, sum: &Sum) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let name = path.as_os_str().as_encoded_bytes();
    let mut line = Vec::with_capacity(sum.len() * 2 + name.len() + 4);
    if name.iter().any(|byte| b"\\\n\r".contains(byte)) {
        line.push(b'\\');
    }
    for byte in sum {
        line.extend([byte >> 4, byte & 15].map(|digit| DIGITS[usize::from(digit)]));
    }
    line.extend(b"  ");
    for byte in name {
        match byte {
            b'\\' => line.extend(br"\\"),
            b'\n' => line.extend(br"\n"),
            b'\r' => line.extend(br"\r"),
            byte => line.push(*byte),
        }
    }
    line.push(b'\n');
    line
}
