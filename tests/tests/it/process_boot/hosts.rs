//! A program in another language that loads the library while it runs.

use std::fs;
use std::path::{Path, PathBuf};

use background_tests::{Finished, Run};
use tempfile::TempDir;

use super::world::{build, path};

/// The library; `None` where there is no such host.
fn plugin() -> Option<PathBuf> {
    if Run::new("sh").args(["-c", "python3 -c ''"]).finish().code() != Some(0) {
        eprintln!("there is no Python");
        return None;
    }
    build(&["--package", "plugin"]);
    Some(path("debug", "libplugin.so"))
}

/// A script that loads the library, does what `more` says, and prints what a call makes of 1.
fn script(library: &Path, more: &str) -> String {
    format!(
        "import ctypes, os, sys\nprint('script', flush=True)\n\
         library = ctypes.CDLL('{}')\n{more}\n",
        library.display()
    )
}

const CHECK: &str = "print(library.plugin_check(1))";
const CALL: &str = "print(library.plugin_call(1))";

fn python(arguments: &[&str]) -> Finished {
    Run::new("python3").args(arguments).finish().succeeded()
}

/// The script ran once: no worker has run it again.
const CHECKED: &str = "script\n8\n";

#[test]
fn a_script_of_any_origin_has_workers() {
    let Some(library) = plugin() else { return };
    let folder = TempDir::new().expect("a folder for the script");
    let file = folder.path().join("script.py");
    let script = script(&library, CHECK);
    fs::write(&file, &script).expect("a script");
    let file = file.display().to_string();
    assert_eq!(python(&[&file]).stdout, CHECKED);
    assert_eq!(python(&["-c", &script]).stdout, CHECKED);
    // Its standard input is the script: a worker's is not.
    let line = r#"python3 - < "$0""#;
    let finished = Run::new("sh").args(["-c", line, &file]).finish().succeeded();
    assert_eq!(finished.stdout, CHECKED, "{finished:#?}");
}

/// What is preloaded by others is preloaded in workers too, and they see the variable as it was.
#[test]
fn what_is_preloaded_stays_so() {
    let Some(library) = plugin() else { return };
    // Any library will do that is there.
    for preload in ["", "libm.so.6", "libm.so.6 libdl.so.2"] {
        let run = Run::new("python3").args(["-c", &script(&library, CHECK)]);
        let finished = run.env("LD_PRELOAD", preload).finish().succeeded();
        assert_eq!(finished.stdout, CHECKED, "{preload:?}: {finished:#?}");
    }
}

/// The loader knows the library by a path that leads nowhere when the worker starts.
#[test]
fn a_library_of_a_relative_path() {
    let Some(library) = plugin() else { return };
    let name = Path::new("./libplugin.so");
    let script = script(name, &format!("os.chdir('/')\n{CALL}"));
    let folder = library.parent().expect("it lies in a folder");
    let finished = Run::new("python3").args(["-c", &script]).inside(folder).finish();
    assert_eq!(finished.succeeded().stdout, CHECKED);
}

/// No worker is started that would run the script once more.
#[test]
fn a_library_that_cannot_be_preloaded_has_no_workers() {
    let Some(library) = plugin() else { return };
    let folder = TempDir::new().expect("a folder for the library");
    for name in ["with space.so", "with:colon.so", "gone.so"] {
        let copy = folder.path().join(name);
        fs::copy(&library, &copy).expect("a copy");
        let more = if name == "gone.so" { format!("os.remove({copy:?})\n") } else { String::new() };
        let finished = python(&["-c", &script(&copy, &format!("{more}{CALL}"))]);
        assert_eq!(finished.stdout, "script\n0\n", "{name}: {finished:#?}");
    }
}
