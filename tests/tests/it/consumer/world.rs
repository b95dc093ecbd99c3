//! The generated crates, and cargo for them.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use background_tests::{Run, workspace};
use tempfile::TempDir;

use super::borrowing::REFUSED;
use super::featureless;
use super::readme;

/// A crate that depends on `background`.
struct Consumer {
    name: &'static str,
    edition: &'static str,
    /// By what name it knows `background`.
    dependency: &'static str,
    /// Its library, with a function `check`.
    library: &'static str,
}

const CONSUMERS: &[Consumer] = &[
    modern("edition_2018", "2018"),
    modern("edition_2021", "2021"),
    modern("edition_2024", "2024"),
    Consumer {
        name: "edition_2015",
        edition: "2015",
        dependency: "background",
        library: include_str!("programs/oldest.rs"),
    },
    Consumer {
        name: "without_prelude",
        edition: "2024",
        dependency: "background",
        library: include_str!("programs/without_prelude.rs"),
    },
    Consumer {
        name: "renamed",
        edition: "2021",
        dependency: "bg",
        library: include_str!("programs/renamed.rs"),
    },
    Consumer {
        name: "in_macros",
        edition: "2021",
        dependency: "background",
        library: include_str!("programs/in_macros.rs"),
    },
    Consumer {
        name: "shadowing",
        edition: "2024",
        dependency: "background",
        library: include_str!("programs/shadowing.rs"),
    },
    Consumer {
        name: "patterns",
        edition: "2024",
        dependency: "background",
        library: include_str!("programs/patterns.rs"),
    },
];

const fn modern(name: &'static str, edition: &'static str) -> Consumer {
    let library = include_str!("programs/modern.rs");
    Consumer { name, edition, dependency: "background", library }
}

/// The programs that are only a `main`.
const PROGRAMS: &[(&str, &str)] = &[("aborting", include_str!("programs/aborting.rs"))];

/// One workspace of all consumers, so that `background` is built once.
pub(super) struct World {
    folder: TempDir,
}

impl World {
    pub(super) fn get() -> &'static Self {
        static WORLD: OnceLock<World> = OnceLock::new();
        WORLD.get_or_init(Self::make)
    }

    fn make() -> Self {
        let world = Self { folder: TempDir::new().expect("a folder for the consumers") };
        let mut members = Vec::new();
        for consumer in CONSUMERS {
            let Consumer { name, edition, library, .. } = consumer;
            world.write(
                &format!("{name}/Cargo.toml"),
                &manifest(name, edition, consumer.dependency),
            );
            world.write(&format!("{name}/src/lib.rs"), library);
            let crate_line =
                if *edition == "2015" { format!("extern crate {name};\n") } else { String::new() };
            let main = format!(
                "//! Runs the library's checks.\n#![forbid(unsafe_code)]\n{crate_line}\
                 fn main() {{\n    {name}::check();\n    println!(\"checked\");\n}}\n"
            );
            world.write(&format!("{name}/src/main.rs"), &main);
            members.push(*name);
        }
        let readme = readme::first_program().unwrap_or_default();
        for (name, main) in PROGRAMS.iter().copied().chain([("readme", readme.as_str())]) {
            world.write(&format!("{name}/Cargo.toml"), &manifest(name, "2024", "background"));
            world.write(&format!("{name}/src/main.rs"), main);
            members.push(name);
        }
        world.write("borrowing/Cargo.toml", &manifest("borrowing", "2024", "background"));
        for refused in REFUSED {
            world.write(&format!("borrowing/src/bin/{}.rs", refused.name), &refused.program());
        }
        members.push("borrowing");
        let featureless = manifest("featureless", "2024", "background");
        world.write(
            "featureless/Cargo.toml",
            &featureless.replace("{ package", "{ default-features = false, package"),
        );
        world.write("featureless/src/bin/process.rs", featureless::PROGRAM);
        members.push("featureless");
        let manifest = format!(
            "[workspace]\nresolver = \"2\"\nmembers = {members:?}\n\
             [profile.aborting]\ninherits = \"dev\"\npanic = \"abort\"\n"
        );
        world.write("Cargo.toml", &manifest);
        // The same versions as in the workspace, which are on this machine already.
        let lock = fs::read_to_string(workspace::root().join("Cargo.lock"));
        world.write("Cargo.lock", &lock.expect("the workspace is locked"));
        world
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Requires clippy to find nothing in a consumer.
    pub(super) fn clippy(&self, name: &str) {
        let lints = ["-W", "clippy::pedantic", "-W", "clippy::nursery", "-D", "warnings"];
        let clippy = self.cargo(&["clippy", "--all-targets", "-p", name]);
        let _ = clippy.arg("--").args(lints).finish().succeeded();
    }

    /// A consumer's program, to be run.
    pub(super) fn run(&self, name: &str) -> Run {
        let _ = self.cargo(&["build", "-p", name]).finish().succeeded();
        program("debug", name)
    }

    /// Looks whether one program of a consumer compiles; a line per error.
    pub(super) fn check(&self, package: &str, program: &str) -> Run {
        self.cargo(&["check", "-p", package, "--bin", program, "--message-format", "short"])
    }

    /// The program that panics, built so that a panic aborts.
    pub(super) fn run_aborting(&self) -> Run {
        let build = self.cargo(&["build", "-p", "aborting", "--profile", "aborting"]);
        let _ = build.finish().succeeded();
        program("aborting", "aborting")
    }

    /// A cargo command in the consumers' workspace. Results are kept in the target folder of the
    /// running test, so that the next run is quick. Everything that has to be loaded was loaded for
    /// the running test.
    fn cargo(&self, command: &[&str]) -> Run {
        Run::new(env!("CARGO"))
            .inside(self.folder.path())
            .args(command)
            .args(["--offline", "--quiet", "--target-dir"])
            .arg(target())
            .patience(Duration::from_secs(1200))
    }
}

fn target() -> PathBuf {
    workspace::target().join("consumers")
}

fn program(profile: &str, name: &str) -> Run {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    Run::new(target().join(profile).join(file))
}

fn manifest(name: &str, edition: &str, dependency: &str) -> String {
    let path = workspace::root().join("background").display().to_string();
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"{edition}\"\n\
         [dependencies]\nserde = {{ version = \"1\", features = [\"derive\"] }}\n\
         {dependency} = {{ package = \"background\", path = {path:?} }}\n"
    )
}
