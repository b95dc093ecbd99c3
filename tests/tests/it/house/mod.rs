//! The rules of the house, each a test.
//!
//! A rule takes the [tree](tree) of all sources and says what breaks it, where, and what to do
//! instead. [`teeth`] shows every rule sources that break it and sources that keep it.

mod conditions;
mod door;
mod facts;
mod floors;
mod islands;
mod manifests;
mod modules;
mod promises;
mod teeth;
mod text;
mod tree;
mod violation;
mod words;

use std::sync::OnceLock;

use tree::Tree;
use violation::Violation;

/// A rule by its name.
struct Rule {
    name: &'static str,
    check: fn(&Tree) -> Vec<Violation>,
}

/// Makes each rule a test of its own, and the list of all rules.
macro_rules! rules {
    ($($module:ident::$rule:ident)*) => {
        const RULES: &[Rule] =
            &[$(Rule { name: stringify!($rule), check: $module::$rule }),*];
        $(
            #[test]
            fn $rule() {
                keeps($module::$rule);
            }
        )*
    };
}

rules! {
    floors::every_module_has_a_floor
    floors::imports_go_down_only
    floors::strangers_stay_strangers
    floors::neighbours_form_no_circle
    floors::every_name_has_a_home
    modules::every_file_is_a_module
    door::locks_and_atomics_come_through_the_door
    door::nobody_parks_the_users_thread
    islands::unsafe_stays_on_its_islands
    islands::no_island_is_deserted
    islands::every_unsafe_has_its_reason
    islands::every_ordering_has_its_reason
    words::no_module_is_a_dump
    words::nothing_is_unfinished
    words::no_test_is_switched_off
    words::no_test_waits_by_sleeping
    words::every_file_is_rust
    text::no_file_is_too_long
    text::no_machine_shows_through
    text::nothing_is_left_to_do
    text::every_letter_can_be_seen
    manifests::the_macros_are_pinned
    manifests::every_package_follows_the_workspace
    manifests::every_dependency_is_accounted_for
    manifests::every_feature_is_explained
    promises::the_readme_lists_every_example
    promises::the_readme_names_the_oldest_compiler
    promises::the_ci_runs_what_the_readme_says
    promises::every_script_is_strict
    promises::the_licences_are_there
}

#[track_caller]
fn keeps(check: fn(&Tree) -> Vec<Violation>) {
    static WORKSPACE: OnceLock<Tree> = OnceLock::new();
    let workspace = WORKSPACE.get_or_init(|| Tree::read(background_tests::workspace::root()));
    let violations: Vec<String> = check(workspace).iter().map(ToString::to_string).collect();
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}
