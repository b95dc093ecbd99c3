//! Compiles the C code, with the compiler at hand: an example of a package without a build script has
//! no C.

use std::env;
use std::path::PathBuf;
use std::process::Command;

/// Runs a program that has to end well.
fn run(program: &str, arguments: &[&str]) {
    let status = Command::new(program).args(arguments).status();
    assert!(status.is_ok_and(|it| it.success()), "{program} {arguments:?} has failed");
}

fn main() {
    println!("cargo::rerun-if-changed=broken.c");
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder"));
    let path = |name: &str| folder.join(name).display().to_string();
    // Not optimised: what is undefined there should happen as it is written.
    run("cc", &["-O0", "-fPIC", "-c", "broken.c", "-o", &path("broken.o")]);
    run("ar", &["crs", &path("libbroken.a"), &path("broken.o")]);
    println!("cargo::rustc-link-search=native={}", folder.display());
    println!("cargo::rustc-link-lib=static=broken");
}
