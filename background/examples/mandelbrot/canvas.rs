//! Where the picture goes.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::rc::Rc;

use png::{BitDepth, ColorType, Compression, Encoder, StreamWriter, Writer};

use crate::palette::Palette;
use crate::picture::Picture;

/// A picture that is written row by row.
pub(crate) enum Canvas {
    Png(Box<StreamWriter<'static, Sink>>, Palette, Why),
    /// Numbers, a line for each row.
    Text(Sink),
    /// Nowhere: the preview is all that is wanted.
    Nowhere,
}

/// Standard output, or a file.
pub(crate) type Sink = BufWriter<Noted>;

/// Keeps in mind why a write has failed: of that the encoder's own errors tell no more than a text.
pub(crate) struct Noted {
    inner: Box<dyn Write>,
    why: Why,
}

/// The system's number of an error.
#[derive(Clone, Default)]
pub(crate) struct Why(Rc<Cell<Option<i32>>>);

impl Why {
    fn of(&self, error: io::Error) -> io::Error {
        self.0.get().map_or(error, io::Error::from_raw_os_error)
    }
}

impl Write for Noted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes).inspect_err(|error| self.why.0.set(error.raw_os_error()))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush().inspect_err(|error| self.why.0.set(error.raw_os_error()))
    }
}

/// A file that is removed unless it has been finished.
pub(crate) struct Unfinished(Option<PathBuf>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // What is no file, such as a pipe, stays.
            if fs::metadata(path).is_ok_and(|it| it.is_file()) {
                let _ = fs::remove_file(path);
            }
        }
    }
}

impl Unfinished {
    pub(crate) fn finish(mut self) {
        self.0 = None;
    }
}

/// Opens the file, or takes standard output.
pub(crate) fn open(path: Option<PathBuf>) -> io::Result<(Sink, Unfinished)> {
    let sink: Box<dyn Write> = match &path {
        Some(path) => Box::new(File::create(path)?),
        None => Box::new(io::stdout().lock()),
    };
    let sink = Noted { inner: sink, why: Why::default() };
    Ok((BufWriter::with_capacity(1 << 16, sink), Unfinished(path)))
}

impl Canvas {
    pub(crate) fn png(sink: Sink, picture: &Picture) -> io::Result<Self> {
        let why = sink.get_ref().why.clone();
        let mut encoder = Encoder::new(sink, picture.width, picture.height);
        encoder.set_color(ColorType::Rgb);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_compression(Compression::Fast);
        let writer = encoder.write_header().and_then(Writer::into_stream_writer);
        let writer = writer.map_err(|error| why.of(error.into()))?;
        Ok(Self::Png(Box::new(writer), Palette::new(picture), why))
    }

    pub(crate) fn row(&mut self, counts: &[u16]) -> io::Result<()> {
        match self {
            Self::Png(writer, palette, why) => {
                writer.write_all(&palette.row(counts)).map_err(|error| why.of(error))
            }
            Self::Text(sink) => {
                let numbers: Vec<String> = counts.iter().map(u16::to_string).collect();
                writeln!(sink, "{}", numbers.join(" "))
            }
            Self::Nowhere => Ok(()),
        }
    }

    pub(crate) fn finish(self) -> io::Result<()> {
        match self {
            Self::Png(writer, _, why) => writer.finish().map_err(|error| why.of(error.into())),
            Self::Text(mut sink) => sink.flush(),
            Self::Nowhere => Ok(()),
        }
    }
}
