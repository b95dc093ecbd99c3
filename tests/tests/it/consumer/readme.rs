//! The README's first program, as a reader pastes it.

use std::fs;

use background_tests::workspace;

use super::world::World;

/// A fenced block of the README.
struct Block {
    /// What stands behind the fence, such as `rust`.
    language: String,
    text: String,
}

fn blocks() -> Vec<Block> {
    let readme = fs::read_to_string(workspace::root().join("README.md")).unwrap_or_default();
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in readme.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => {
                open = Some(Block { language: language.to_owned(), text: String::new() });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

/// The program that the README begins with.
pub(super) fn first_program() -> Option<String> {
    let program = blocks().into_iter().find(|block| block.language.starts_with("rust"))?;
    Some(program.text)
}

#[test]
fn the_first_program_prints_what_the_readme_says() {
    let blocks = blocks();
    let at = blocks.iter().position(|block| block.language.starts_with("rust"));
    let output = &blocks[at.expect("the README begins with a program") + 1];
    assert_eq!(output.language, "text", "the output follows the program");
    let finished = World::get().run("readme").finish().succeeded();
    assert_eq!(finished.stdout, output.text, "{finished:#?}");
}
