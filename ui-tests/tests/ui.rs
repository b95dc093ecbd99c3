//! Each file of `accept` compiles, runs and checks itself; each file of `refuse` is refused with exactly
//! the text beside it.

/// The compiler whose words the expected texts quote.
const COMPILER: &str = "rustc 1.95.";

#[test]
fn accepted() {
    trybuild::TestCases::new().pass("tests/accept/*.rs");
}

#[test]
fn refused() {
    let compiler = compiler();
    if compiler.starts_with(COMPILER) {
        trybuild::TestCases::new().compile_fail("tests/refuse/*.rs");
    } else {
        eprintln!(
            "SKIPPED: the expected texts are those of {COMPILER}x, and this is {compiler}; \
             that the forms are refused at all is tested with that compiler only"
        );
    }
}

fn compiler() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = std::process::Command::new(rustc)
        .arg("--version")
        .output()
        .expect("there is a compiler, as it compiled this test");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
