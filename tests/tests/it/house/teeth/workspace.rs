//! Manifests, the README, scripts, licences.

use super::{Case, MANIFEST, breaks, keeps};

const ROOT: &str = "Cargo.toml";
const CRATE: &str = "background/Cargo.toml";
const README: &str = "README.md";
const CI: &str = ".ci/run";
const SCRIPT: &str = "ci/long";

const ACCOUNT: &str = "every_dependency_is_accounted_for";
const FEATURE: &str = "every_feature_is_explained";

pub(super) const CASES: &[Case] = &[
    breaks(
        "any version of the macros",
        "the_macros_are_pinned",
        &[(ROOT, "[workspace.dependencies]\nbackground-macros = { version = \"0.1.0\" }\n")],
        ROOT,
        0,
    ),
    // The workspace's word.
    breaks(
        "an edition of its own",
        "every_package_follows_the_workspace",
        &[(
            CRATE,
            "[package]\nversion.workspace = true\nedition = \"2021\"\nrust-version.workspace = true\n\
         license.workspace = true\n[lints]\nworkspace = true\n",
        )],
        CRATE,
        0,
    ),
    breaks(
        "no lints",
        "every_package_follows_the_workspace",
        &[(
            CRATE,
            "[package]\nversion.workspace = true\nedition.workspace = true\n\
         rust-version.workspace = true\nlicense.workspace = true\n",
        )],
        CRATE,
        0,
    ),
    keeps("as the workspace", "every_package_follows_the_workspace", &[(CRATE, MANIFEST)]),
    // Dependencies.
    breaks("without an account", ACCOUNT, &[(CRATE, "[dependencies]\nrayon = \"1\"\n")], CRATE, 0),
    breaks("for tests", ACCOUNT, &[(CRATE, "[dev-dependencies]\nrayon = \"1\"\n")], CRATE, 0),
    breaks(
        "for one target",
        ACCOUNT,
        &[(CRATE, "[target.'cfg(unix)'.dependencies]\nrayon = \"1\"\n")],
        CRATE,
        0,
    ),
    breaks(
        "only a name",
        ACCOUNT,
        &[(CRATE, "[dependencies]\nrayon = \"1\"\n"), ("ARCHITECTURE.md", "`rayon`\n")],
        CRATE,
        0,
    ),
    keeps(
        "with an account",
        ACCOUNT,
        &[
            (CRATE, "[dependencies]\nrayon = \"1\"\n"),
            ("ARCHITECTURE.md", "| `rayon` | a pool to compare with |\n"),
        ],
    ),
    breaks(
        "of a repository",
        ACCOUNT,
        &[
            (CRATE, "[dependencies]\nrayon = { git = \"https://example.org\" }\n"),
            ("ARCHITECTURE.md", "| `rayon` | a pool to compare with |\n"),
        ],
        CRATE,
        0,
    ),
    // Features.
    breaks(
        "unexplained",
        FEATURE,
        &[(CRATE, "[features]\nextra = []\n"), (README, "`extra`\n")],
        CRATE,
        2,
    ),
    breaks(
        "not in the README",
        FEATURE,
        &[(CRATE, "[features]\n## More.\nextra = []\n")],
        CRATE,
        3,
    ),
    keeps(
        "explained",
        FEATURE,
        &[
            (CRATE, "[features]\ndefault = []\n## More.\nextra = []\n"),
            (README, "`extra` adds more\n"),
        ],
    ),
    // The README.
    breaks(
        "an example left out",
        "the_readme_lists_every_example",
        &[("background/examples/hello.rs", ""), (README, "hello\n")],
        README,
        0,
    ),
    keeps(
        "an example listed",
        "the_readme_lists_every_example",
        &[
            ("background/examples/hello.rs", ""),
            ("background/examples/server/main.rs", ""),
            ("background/examples/server/pool.rs", ""),
            (README, "cargo run --example hello\n`server`\n"),
        ],
    ),
    breaks("no compiler", "the_readme_names_the_oldest_compiler", &[(README, "Rust\n")], README, 0),
    breaks(
        "another command",
        "the_ci_runs_what_the_readme_says",
        &[(CI, "cargo test\n"), (README, "cargo test --workspace # all\n")],
        CI,
        0,
    ),
    breaks("no command", "the_ci_runs_what_the_readme_says", &[(README, "Rust\n")], README, 0),
    keeps(
        "the same command",
        "the_ci_runs_what_the_readme_says",
        &[(README, "cargo test --workspace # all\n")],
    ),
    // Scripts and licences.
    breaks(
        "a careless script",
        "every_script_is_strict",
        &[(SCRIPT, "#!/bin/sh\n# Long.\n")],
        SCRIPT,
        1,
    ),
    breaks(
        "a silent script",
        "every_script_is_strict",
        &[(SCRIPT, "#!/bin/sh\nset -euo pipefail\n")],
        SCRIPT,
        2,
    ),
    breaks("no licence", "the_licences_are_there", &[("LICENSE-MIT", "")], "LICENSE-MIT", 0),
];
