//! The fences of a code block in Markdown, and what they take of the budget.

use astlas_model::stages::{Entries, FileLines, RenderOptions, Tokenizer};

use crate::ports::{StageError, Stages};

/// Shortest fence there is.
const SHORTEST: usize = 3;

/// What stands before and after a text. None of it ends before the text does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fence {
    before: String,
    after: String,
    /// What both take.
    pub tokens: u32,
}

impl Fence {
    /// One around any of these lines: longer than every run of backticks in them.
    pub fn around(stages: &impl Stages, files: &[FileLines], tokenizer: Tokenizer) -> Result<Self, StageError> {
        let longest = files.iter().flat_map(|file| [&file.path, &file.text.text]).map(|text| longest_run(text)).max();
        let backticks = "`".repeat(SHORTEST.max(longest.unwrap_or(0) + 1));
        // Counted by the stage that counts the map. It shows the path of a file as a line of its own.
        let lines = [format!("{backticks}text"), backticks];
        let named = lines.map(|path| FileLines { path, ..FileLines::default() });
        let options = RenderOptions { tokenizer, budget: u32::MAX, ..RenderOptions::default() };
        let counted = stages.render(&named, &Entries { file: vec![0, 1], line: vec![0, 0] }, options)?;
        let [before, after] = named.map(|file| file.path + "\n");
        Ok(Self { before, after, tokens: counted.tokens })
    }

    /// The text as a code block.
    pub fn enclose(&self, text: &str) -> String {
        [&self.before, text, &self.after].concat()
    }
}

fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}
