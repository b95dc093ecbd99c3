//! The Mandelbrot set as a PNG, its rows computed by worker processes and streamed into the file.
//!
//! ```text
//! cargo run --release -p background-mandelbrot --example mandelbrot -- 1000 -o mandelbrot.png
//! cargo run --release -p background-mandelbrot --example mandelbrot -- --preview
//! ```

mod arguments;
mod canvas;
mod palette;
mod picture;
mod preview;
mod rows;

use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use background::Failure;
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};

use arguments::Arguments;
use canvas::Canvas;
use preview::Preview;
use rows::Rows;

/// How soon Ctrl-C is noticed when a row takes long.
const PATIENCE: Duration = Duration::from_millis(50);

/// What a shell says of a program that was interrupted.
const INTERRUPTED: u8 = 130;

/// Why there is no picture.
enum Trouble {
    /// Somebody has pressed Ctrl-C.
    Interrupted,
    /// A worker has failed.
    Failed(Failure),
    /// The picture could not be written.
    Unwritten(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Unwritten(error)
    }
}

fn draw(arguments: &Arguments, interrupted: &AtomicBool) -> Result<(), Trouble> {
    let picture = arguments.picture();
    let begin = Instant::now();
    let to_stdout = arguments.output.is_none();
    let only_preview = arguments.preview && to_stdout && io::stdout().is_terminal();
    let mut preview = None;
    if arguments.preview {
        let stdout_is_free = !to_stdout || only_preview;
        preview = Some(
            Preview::new(&picture, stdout_is_free)
                .ok_or_else(|| io::Error::other("a preview needs a terminal"))?,
        );
    }
    let (sink, unfinished) = canvas::open(arguments.output.clone())?;
    let mut canvas = if only_preview {
        Canvas::Nowhere
    } else if arguments.counts {
        Canvas::Text(sink)
    } else if to_stdout && io::stdout().is_terminal() {
        return Err(io::Error::other(
            "a picture is nothing for a terminal: add `-o FILE` or `--preview`",
        )
        .into());
    } else {
        Canvas::png(sink, &picture)?
    };
    let bar = bar(picture.height);
    // When this ends early the rows are dropped, and that stops the workers.
    let mut rows = Rows::new(picture, arguments.strategy, arguments.workers());
    loop {
        // ORDERING: Relaxed. Nothing else is told by it.
        if interrupted.load(Ordering::Relaxed) {
            return Err(Trouble::Interrupted);
        }
        let row = match rows.next(PATIENCE) {
            Poll::Ready(Some(row)) => row.map_err(Trouble::Failed)?,
            Poll::Ready(None) => break,
            Poll::Pending => continue,
        };
        canvas.row(&row)?;
        if let Some(preview) = &mut preview {
            bar.suspend(|| preview.row(&row))?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    if let Some(preview) = &mut preview {
        preview.finish()?;
    }
    canvas.finish()?;
    unfinished.finish();
    let seconds = begin.elapsed().as_secs_f64();
    complain(&format_args!("Computed {} pixels in {seconds:.3} seconds", picture.pixels()));
    Ok(())
}

/// Shows nothing unless standard error is a terminal.
fn bar(rows: u32) -> ProgressBar {
    let style = ProgressStyle::with_template("{elapsed:>4} {wide_bar} {pos} of {len} rows");
    let bar = ProgressBar::new(rows.into()).with_style(style.expect("the template is a constant"));
    if !bar.is_hidden() {
        bar.enable_steady_tick(Duration::from_millis(200));
    }
    bar
}

fn complain(what: &dyn Display) {
    // Where standard error is closed there is nobody left to tell.
    let _ = writeln!(io::stderr(), "{what}");
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupted);
    // ORDERING: Relaxed, as above.
    if let Err(error) = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)) {
        complain(&format_args!("mandelbrot: Ctrl-C will not be noticed: {error}"));
    }
    match draw(&arguments, &interrupted) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Trouble::Interrupted) => {
            complain(&"mandelbrot: interrupted");
            ExitCode::from(INTERRUPTED)
        }
        // Whoever read the picture wanted no more of it.
        Err(Trouble::Unwritten(error)) if error.kind() == ErrorKind::BrokenPipe => {
            ExitCode::FAILURE
        }
        Err(Trouble::Unwritten(error)) => {
            complain(&format_args!("mandelbrot: {error}"));
            ExitCode::FAILURE
        }
        Err(Trouble::Failed(failure)) => {
            complain(&format_args!("mandelbrot: {failure}"));
            ExitCode::FAILURE
        }
    }
}
