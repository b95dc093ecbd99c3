//! Compiles what is to be linked after everything else, so that it is made last.

use std::env;
use std::path::PathBuf;
use std::process::Command;

fn main() {
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder"));
    let object = folder.join("late.o");
    let mut compiler = Command::new("c++");
    compiler.args(["-O1", "-fPIC", "-c", "src/late.cpp", "-o"]).arg(&object);
    assert!(compiler.status().is_ok_and(|it| it.success()), "{compiler:?} has failed");
    println!("cargo::rustc-link-arg={}", object.display());
    let features = env::var("CARGO_CFG_TARGET_FEATURE").unwrap_or_default();
    let is_static = features.contains("crt-static");
    let libraries: &[&str] = if is_static {
        &["-l:libstdc++.a", "-l:libgcc_eh.a", "-l:libgcc.a", "-l:libc.a"]
    } else {
        &["-lstdc++"]
    };
    for library in libraries {
        println!("cargo::rustc-link-arg={library}");
    }
    println!("cargo::rerun-if-changed=src/late.cpp");
}
