//! What the command line says.

use std::num::NonZero;
use std::path::PathBuf;
use std::thread;

use clap::{Parser, ValueEnum};

use crate::picture::Picture;

/// Draw the Mandelbrot set
///
/// The picture is a PNG. Its rows are computed by workers, and written as they arrive. Statistics go
/// to standard error.
#[derive(Parser)]
#[command(name = "mandelbrot", allow_negative_numbers = true)]
pub(crate) struct Arguments {
    /// Points on each side; or two numbers: 640x480
    #[arg(value_name = "SIZE", default_value = "1000", value_parser = size)]
    size: (u32, u32),

    /// Where the rows are computed
    #[arg(long, value_name = "NAME", value_enum, default_value_t = Place::DEFAULT)]
    pub(crate) strategy: Place,

    /// How many rows are computed at once; as many as there are cores unless told
    #[arg(long, value_name = "NUMBER")]
    workers: Option<NonZero<u8>>,

    /// Write the picture to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Show the picture in the terminal, as coarse as it has to be
    #[arg(long)]
    pub(crate) preview: bool,

    /// Write numbers instead of a picture: after how many steps each point has left
    #[arg(long, conflicts_with = "preview")]
    pub(crate) counts: bool,

    /// The real part of the middle
    #[arg(long, value_name = "NUMBER", default_value = "-0.75", value_parser = number)]
    real: f64,

    /// The imaginary part of the middle
    #[arg(long, value_name = "NUMBER", default_value = "0", value_parser = number)]
    imaginary: f64,

    /// From the middle to the left and to the right side
    #[arg(long, value_name = "NUMBER", default_value = "1.5", value_parser = positive)]
    radius: f64,

    /// How long a point is followed
    #[arg(long, value_name = "NUMBER", default_value = "1000",
          value_parser = clap::value_parser!(u16).range(2..))]
    iterations: u16,
}

/// The strategies by their names.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Place {
    /// In a pool of threads
    Thread,
    /// One row after the other, when it is its turn to be written
    Inline,
    /// In turns, on one thread
    Cooperative,
    /// In worker processes
    Process,
}

impl Place {
    /// Worker processes, where there are any.
    const DEFAULT: Self = if cfg!(target_os = "linux") { Self::Process } else { Self::Thread };
}

impl Arguments {
    pub(crate) fn picture(&self) -> Picture {
        Picture {
            width: self.size.0,
            height: self.size.1,
            real: self.real,
            imaginary: self.imaginary,
            radius: self.radius,
            iterations: self.iterations,
        }
    }

    pub(crate) fn workers(&self) -> u32 {
        let cores = || thread::available_parallelism().map_or(1, NonZero::get);
        let workers = self.workers.map_or_else(cores, |workers| workers.get().into());
        u32::try_from(workers).unwrap_or(u32::MAX)
    }
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let (width, height) = text.split_once('x').unwrap_or((text, text));
    let side = |text: &str| match text.parse() {
        Ok(side @ 1..=100_000) => Ok(side),
        _ => Err("a size is a number from 1 to 100000, or two: `640x480`".to_owned()),
    };
    Ok((side(width)?, side(height)?))
}

fn number(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if number.is_finite() { Ok(number) } else { Err("not a finite number".to_owned()) }
}

fn positive(text: &str) -> Result<f64, String> {
    let number = number(text)?;
    if number > 0.0 { Ok(number) } else { Err("has to be more than 0".to_owned()) }
}
