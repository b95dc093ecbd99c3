//! The picture, by rows from everywhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;

use background_tests::{Run, until, within};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::{TempDir, tempdir};

use super::terminal::{terminal, wait_for, watch};

const STRATEGIES: [&str; 4] = ["thread", "inline", "cooperative", "process"];

fn mandelbrot() -> Run {
    Run::example("mandelbrot")
}

/// The program by a path of its own, so that no other run of it is taken for this one.
fn copy() -> (TempDir, PathBuf) {
    let folder = tempdir().expect("a folder for the program");
    let program = folder.path().canonicalize().expect("it is there").join("mandelbrot");
    fs::copy(Run::path_of_example("mandelbrot"), &program).expect("a copy");
    (folder, program)
}

/// Whether a process of this program lives: the program itself, or a worker of it.
fn lives(program: &Path) -> bool {
    let processes = fs::read_dir("/proc").expect("the system's processes").flatten();
    let mut programs = processes.filter_map(|it| fs::read_link(it.path().join("exe")).ok());
    programs.any(|it| it == program)
}

/// Interrupts it as Ctrl-C does.
fn interrupt(child: &Child) {
    let pid = Pid::from_child(child);
    kill_process(pid, Signal::INT).expect("our own child can be interrupted");
}

/// The counts of a whole picture, written for this test, one point after the other.
fn counts(width: u32, height: u32) -> String {
    let mut text = String::new();
    for y in 0..height {
        let step = 3.0 / f64::from(width - 1);
        let (left, middle) = (-0.75 - 1.5, f64::from(height - 1) / 2.0);
        let row = (0..width).map(|x| {
            let real = left + step * f64::from(x);
            let imaginary = step * (middle - f64::from(y));
            let (mut a, mut b) = (0.0_f64, 0.0_f64);
            let mut number = 1;
            while number < 999 && a * a + b * b <= 4.0 {
                (a, b) = (a * a - b * b + real, 2.0 * a * b + imaginary);
                number += 1;
            }
            number.to_string()
        });
        text += &row.collect::<Vec<_>>().join(" ");
        text.push('\n');
    }
    text
}

/// Width, height and the bytes of all points.
fn decoded(path: &Path) -> (u32, u32, Vec<u8>) {
    let file = std::io::BufReader::new(fs::File::open(path).expect("the picture is there"));
    let mut reader = png::Decoder::new(file).read_info().expect("a picture");
    let mut bytes = vec![0; reader.output_buffer_size().expect("it is not too large")];
    let frame = reader.next_frame(&mut bytes).expect("all of it");
    bytes.truncate(frame.buffer_size());
    (frame.width, frame.height, bytes)
}

/// Measured on `AsynQueue`'s `mcmandelbrot`.
#[test]
fn a_row_has_the_counts_of_the_original() {
    for strategy in STRATEGIES {
        let finished = mandelbrot()
            .args(["10x1", "--counts", "--iterations", "1000", "--strategy", strategy])
            .args(["--real", "-0.5332179372197309", "--imaginary", "0.535867264573991"])
            .args(["--radius", "0.00224"])
            .finish()
            .succeeded();
        assert_eq!(finished.stdout, "270 75 83 125 367 999 999 999 999 999\n", "{strategy}");
    }
}

#[test]
fn every_strategy_computes_what_a_loop_computes() {
    let expected = counts(61, 47);
    for strategy in STRATEGIES {
        for workers in ["1", "3", "100"] {
            let finished = mandelbrot()
                .args(["61x47", "--counts", "--strategy", strategy, "--workers", workers])
                .finish()
                .succeeded();
            assert!(finished.stdout == expected, "{strategy} {workers}: {}", finished.stderr);
        }
    }
}

#[test]
fn the_picture_is_the_same_from_everywhere() {
    let folder = tempdir().expect("a folder for pictures");
    let mut pictures = Vec::new();
    for strategy in STRATEGIES {
        let path = folder.path().join(strategy);
        let finished = mandelbrot()
            .args(["100", "--strategy", strategy, "-o"])
            .arg(&path)
            .finish()
            .succeeded();
        assert_eq!(finished.stdout, "");
        let said = finished.stderr.strip_prefix("Computed 10000 pixels in ");
        let seconds = said.and_then(|said| said.strip_suffix(" seconds\n"));
        assert!(seconds.is_some_and(|it| it.parse::<f64>().is_ok()), "{finished:#?}");
        pictures.push(decoded(&path));
    }
    assert!(pictures.windows(2).all(|pair| pair[0] == pair[1]));
    let (width, height, bytes) = &pictures[0];
    assert_eq!((*width, *height, bytes.len()), (100, 100, 30_000));
    // The middle is in the set, and a corner far outside.
    let point = |x: usize, y: usize| &bytes[(y * 100 + x) * 3..][..3];
    assert_eq!(point(50, 50), [0; 3]);
    assert_ne!(point(0, 0), [0; 3]);
    // Above and below the real axis it is the same.
    for y in 0..50 {
        assert_eq!(bytes[y * 300..][..300], bytes[(99 - y) * 300..][..300]);
    }
}

#[test]
fn without_a_file_the_picture_goes_to_standard_output() {
    let folder = tempdir().expect("a folder for pictures");
    let line = r#""$0" 40x30 > piped 2> said && "$0" 40x30 -o named 2> /dev/null"#;
    let _ = Run::new("sh")
        .inside(&folder)
        .args(["-c", line])
        .arg(Run::path_of_example("mandelbrot"))
        .finish()
        .succeeded();
    let read = |name| fs::read(folder.path().join(name)).expect("it was written");
    assert_eq!(read("piped"), read("named"));
    assert!(read("said").starts_with(b"Computed 1200 pixels in "));
}

#[test]
fn a_reader_that_leaves_stops_the_workers() {
    let (folder, program) = copy();
    for strategy in STRATEGIES {
        // It would take hours.
        let line = r#""$0" 100000 --strategy "$1" | head -c 1000"#;
        let finished = Run::new("sh")
            .inside(&folder)
            .args(["-c", line])
            .arg(&program)
            .arg(strategy)
            .finish()
            .succeeded();
        assert_eq!(finished.stderr, "", "{strategy}");
        until("no process is left", || !lives(&program));
    }
}

#[test]
fn ctrl_c_stops_it_mid_stream() {
    within(|| {
        let (folder, program) = copy();
        for strategy in STRATEGIES {
            let picture = folder.path().join(strategy);
            // It would take hours.
            let mut child = Command::new(&program)
                .args(["100000", "--strategy", strategy, "-o"])
                .arg(&picture)
                .stderr(Stdio::piped())
                .spawn()
                .expect("the example can be run");
            let is_begun = || fs::metadata(&picture).is_ok_and(|it| it.len() > 0);
            until("some rows are written", is_begun);
            interrupt(&child);
            let said = std::io::read_to_string(child.stderr.take().expect("it is piped"));
            assert_eq!(said.expect("text"), "mandelbrot: interrupted\n", "{strategy}");
            assert_eq!(child.wait().expect("our own child").code(), Some(130), "{strategy}");
            assert!(!picture.exists(), "half a picture is left");
            until("no process is left", || !lives(&program));
        }
    });
}

#[test]
fn a_terminal_gets_a_preview() {
    within(|| {
        let (ours, programs) = terminal();
        let error = programs.try_clone().expect("a second descriptor");
        let mut child = Command::new(Run::path_of_example("mandelbrot"))
            .args(["200", "--preview"])
            .env("TERM", "xterm")
            .stdin(Stdio::null())
            .stdout(programs)
            .stderr(error)
            .spawn()
            .expect("the example can be run");
        let (sender, shown) = channel();
        let watcher = thread::spawn(move || watch(ours, &sender));
        // Two points of the set, one above the other, in one letter.
        wait_for("\u{1b}[38;2;0;0;0m\u{1b}[48;2;0;0;0m▀", &shown);
        wait_for("Computed 40000 pixels in ", &shown);
        assert!(child.wait().expect("our own child").success());
        watcher.join().expect("reading does not panic");
    });
}

#[test]
fn what_cannot_be_is_explained() {
    let cases: [(&[&str], i32, &str); 8] = [
        (&["0"], 2, "a size is a number from 1 to 100000"),
        (&["10x"], 2, "a size is a number from 1 to 100000"),
        (&["--strategy", "threat"], 2, "thread"),
        (&["--radius", "0"], 2, "more than 0"),
        (&["--real", "inf"], 2, "not a finite number"),
        (&["--workers", "0"], 2, "--workers"),
        (&["9", "--preview"], 1, "a preview needs a terminal"),
        (&["9", "-o", "/"], 1, "mandelbrot: "),
    ];
    for (arguments, code, explanation) in cases {
        let finished = mandelbrot().args(arguments).finish();
        assert_eq!(finished.code(), Some(code), "{finished:#?}");
        assert!(finished.stderr.contains(explanation), "{finished:#?}");
        assert_eq!(finished.stdout, "", "{finished:#?}");
    }
    let line = r#""$0" 500 > /dev/full"#;
    let full = Run::new("sh").args(["-c", line]).arg(Run::path_of_example("mandelbrot")).finish();
    assert_eq!(full.code(), Some(1), "{full:#?}");
    assert!(full.stderr.starts_with("mandelbrot: No space left"), "{full:#?}");
}
