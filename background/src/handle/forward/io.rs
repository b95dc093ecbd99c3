//! Reading from and writing to the value: `Read`, `BufRead`, `Write`, `Seek`, and `fmt::Write`.
//!
//! `Read`, `Write` and `Seek` also on `&Background<T>`, where `&T` has them (`&File`,
//! `&TcpStream`). Provided methods that a type may do better (vectored calls, `read_to_end`) go to
//! the value as well.

use core::fmt;
use std::io::{BufRead, IoSlice, IoSliceMut, Read, Result, Seek, SeekFrom, Write};

use super::lend::Lend;
use crate::handle::Background;

// Input:  [generics] Receiver where (bounds), |future| place of the value
// Output: `Read`, `Write` and `Seek` for `Receiver`.
macro_rules! forward_io {
    ($([$($generics:tt)*] $Receiver:ty, $Value:ty, |$future:ident| $value:expr;)*) => {$(
        impl<$($generics)*> Read for $Receiver
        where
            $Value: Read,
        {
            #[track_caller]
            fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
                let $future = self;
                $value.read(buffer)
            }

            #[track_caller]
            fn read_vectored(&mut self, buffers: &mut [IoSliceMut<'_>]) -> Result<usize> {
                let $future = self;
                $value.read_vectored(buffers)
            }

            #[track_caller]
            fn read_to_end(&mut self, buffer: &mut Vec<u8>) -> Result<usize> {
                let $future = self;
                $value.read_to_end(buffer)
            }

            #[track_caller]
            fn read_to_string(&mut self, buffer: &mut String) -> Result<usize> {
                let $future = self;
                $value.read_to_string(buffer)
            }

            #[track_caller]
            fn read_exact(&mut self, buffer: &mut [u8]) -> Result<()> {
                let $future = self;
                $value.read_exact(buffer)
            }
        }

        impl<$($generics)*> Write for $Receiver
        where
            $Value: Write,
        {
            #[track_caller]
            fn write(&mut self, bytes: &[u8]) -> Result<usize> {
                let $future = self;
                $value.write(bytes)
            }

            #[track_caller]
            fn write_vectored(&mut self, buffers: &[IoSlice<'_>]) -> Result<usize> {
                let $future = self;
                $value.write_vectored(buffers)
            }

            #[track_caller]
            fn flush(&mut self) -> Result<()> {
                let $future = self;
                $value.flush()
            }

            #[track_caller]
            fn write_all(&mut self, bytes: &[u8]) -> Result<()> {
                let $future = self;
                $value.write_all(bytes)
            }

            #[track_caller]
            fn write_fmt(&mut self, arguments: fmt::Arguments<'_>) -> Result<()> {
                let $future = self;
                $value.write_fmt(arguments)
            }
        }

        impl<$($generics)*> Seek for $Receiver
        where
            $Value: Seek,
        {
            #[track_caller]
            fn seek(&mut self, position: SeekFrom) -> Result<u64> {
                let $future = self;
                $value.seek(position)
            }

            #[track_caller]
            fn rewind(&mut self) -> Result<()> {
                let $future = self;
                $value.rewind()
            }

            #[track_caller]
            fn stream_position(&mut self) -> Result<u64> {
                let $future = self;
                $value.stream_position()
            }

            #[track_caller]
            fn seek_relative(&mut self, offset: i64) -> Result<()> {
                let $future = self;
                $value.seek_relative(offset)
            }
        }
    )*};
}

forward_io! {
    [T] Background<T>, T, |future| (**future);
    ['f, T] &'f Background<T>, <T as Lend<'f>>::Ref, |future| (&mut Background::get(*future));
}

impl<T: BufRead> BufRead for Background<T> {
    #[track_caller]
    fn fill_buf(&mut self) -> Result<&[u8]> {
        (**self).fill_buf()
    }

    #[track_caller]
    fn consume(&mut self, amount: usize) {
        (**self).consume(amount);
    }

    #[track_caller]
    fn read_until(&mut self, byte: u8, buffer: &mut Vec<u8>) -> Result<usize> {
        (**self).read_until(byte, buffer)
    }

    #[track_caller]
    fn read_line(&mut self, buffer: &mut String) -> Result<usize> {
        (**self).read_line(buffer)
    }
}

impl<T: fmt::Write> fmt::Write for Background<T> {
    #[track_caller]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        (**self).write_str(text)
    }

    #[track_caller]
    fn write_char(&mut self, character: char) -> fmt::Result {
        (**self).write_char(character)
    }

    #[track_caller]
    fn write_fmt(&mut self, arguments: fmt::Arguments<'_>) -> fmt::Result {
        (**self).write_fmt(arguments)
    }
}
