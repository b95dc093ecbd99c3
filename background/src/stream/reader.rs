//! A stream of bytes, read as a file.

use std::convert::Infallible;
use std::fmt;
use std::io::{self, BufRead, Read};

use crate::failure::Failure;
use crate::sentinel::Sentinel;
use crate::stream::background_iter::BackgroundIter;

/// The bytes of a stream's items, one after the other. Made by [`BackgroundIter::into_reader`].
///
/// Reading blocks until there are bytes or the producer has ended. Where the sentinel has a value for
/// what the producer fails with, that is an error of the read, once.
pub struct BackgroundReader<T, S: Sentinel = Infallible> {
    iter: BackgroundIter<T, S>,
    item: Option<T>,
    /// So many bytes of it have been read.
    read: usize,
}

impl<T: AsRef<[u8]>, S: Sentinel> BackgroundIter<T, S> {
    /// Reads the items as if they were a file. Never blocks.
    ///
    /// ```
    /// use background::{BackgroundIter, task};
    /// use std::io::BufRead;
    ///
    /// let parts = task().stream(|| ["one li", "ne\ntwo lines\n"].into_iter());
    /// let lines: Result<Vec<_>, _> = BackgroundIter::into_reader(parts).lines().collect();
    /// assert_eq!(lines?, ["one line", "two lines"]);
    /// # std::io::Result::Ok(())
    /// ```
    pub fn into_reader(iter: Self) -> BackgroundReader<T, S> {
        BackgroundReader { iter, item: None, read: 0 }
    }
}

impl<T: AsRef<[u8]>, S: Sentinel> BackgroundReader<T, S> {
    fn left(&self) -> &[u8] {
        self.item.as_ref().map_or(&[], |item| &item.as_ref()[self.read..])
    }
}

impl<T: AsRef<[u8]>, S: Sentinel> Read for BackgroundReader<T, S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

impl<T: AsRef<[u8]>, S: Sentinel> BufRead for BackgroundReader<T, S> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.left().is_empty() {
            let Some(item) = self.iter.next() else { break };
            self.item = Some(S::into_outcome(item).map_err(error)?);
            self.read = 0;
        }
        Ok(self.left())
    }

    fn consume(&mut self, count: usize) {
        self.read += count.min(self.left().len());
    }
}

fn error(failure: Failure) -> io::Error {
    let kind = if failure.is_timeout() { io::ErrorKind::TimedOut } else { io::ErrorKind::Other };
    io::Error::new(kind, failure)
}

impl<T, S: Sentinel> fmt::Debug for BackgroundReader<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BackgroundReader").field(&self.iter).finish()
    }
}
