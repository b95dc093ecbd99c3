//! Compiles what is written in C and C++, with the compilers at hand.

use std::env;
use std::path::PathBuf;
use std::process::Command;

fn run(program: &str, arguments: &[&str]) {
    let status = Command::new(program).args(arguments).status();
    assert!(status.is_ok_and(|it| it.success()), "{program} {arguments:?} has failed");
}

fn main() {
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder"));
    let path = |name: &str| folder.join(name).display().to_string();
    let (of_cpp, of_c, library) = (path("static.o"), path("constructor.o"), path("libparts.a"));
    run("c++", &["-O1", "-fPIC", "-c", "src/static.cpp", "-o", &of_cpp]);
    run("cc", &["-O1", "-fPIC", "-c", "src/constructor.c", "-o", &of_c]);
    run("ar", &["crs", &library, &of_cpp, &of_c]);
    println!("cargo::rustc-link-search=native={}", folder.display());
    println!("cargo::rustc-link-lib=static=parts");
    // Where everything is static, the program has it.
    if !env::var("CARGO_CFG_TARGET_FEATURE").is_ok_and(|features| features.contains("crt-static")) {
        println!("cargo::rustc-link-lib=stdc++");
    }
    println!("cargo::rerun-if-changed=src");
}
