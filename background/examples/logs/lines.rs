//! The lines of a file, plain or compressed.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

/// How much is read at a time.
const BLOCK: usize = 1 << 16;

/// What a gzip file begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Lines, each of which is lent until the next one is read.
pub(crate) struct Lines {
    reader: Box<dyn BufRead + Send>,
    line: Vec<u8>,
}

impl Lines {
    /// Opens a file. Whether it is compressed is told by its contents, not by its name.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let mut file = BufReader::with_capacity(BLOCK, File::open(path)?);
        let is_compressed = file.fill_buf()?.starts_with(&GZIP);
        let reader: Box<dyn BufRead + Send> = if is_compressed {
            // Logs that were rotated and joined are several such files, one behind the other.
            Box::new(BufReader::with_capacity(BLOCK, MultiGzDecoder::new(file)))
        } else {
            Box::new(file)
        };
        Ok(Self { reader, line: Vec::new() })
    }

    /// The next line, without its end. What is no text is left out of it.
    pub(crate) fn next(&mut self) -> io::Result<Option<String>> {
        self.line.clear();
        // A line without an end must not take all the memory there is.
        let mut bounded = (&mut self.reader).take(BLOCK as u64);
        if bounded.read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        let line = self.line.trim_ascii_end();
        Ok(Some(String::from_utf8_lossy(line).into_owned()))
    }
}
