//! What each line of the map costs, counted once however often it is asked for.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, DefaultHasher},
};

use crate::{FileLines, Tokenizer, line, tokens::Counter};

/// The standard hasher with fixed keys: the usual ones are drawn at random, for which a stage would have to ask its
/// host.
type Fixed = BuildHasherDefault<DefaultHasher>;

/// Costs are in units of the tokenizer (see [`units_per_token`](crate::tokens::units_per_token)), signed because
/// differences of them are too.
pub struct Meter<'a> {
    files: &'a [FileLines],
    counter: Counter,
    buffer: String,
    code: HashMap<&'a str, i64, Fixed>,
    paths: Vec<Option<Path>>,
    /// The mark of lines left out.
    pub mark: i64,
    /// The same with a blank line behind it.
    pub mark_and_blank: i64,
}

/// Costs of a file's first line.
#[derive(Clone, Copy)]
pub struct Path {
    /// Shown without code.
    pub alone: i64,
    /// Above code.
    pub heading: i64,
}

impl<'a> Meter<'a> {
    /// Nothing counted yet but the mark.
    pub fn new(files: &'a [FileLines], tokenizer: Tokenizer) -> Self {
        let counter = Counter::new(tokenizer);
        let paths = vec![None; files.len()];
        let mut meter =
            Self { files, counter, buffer: String::new(), code: HashMap::default(), paths, mark: 0, mark_and_blank: 0 };
        meter.mark = meter.count(line::write_mark);
        meter.mark_and_blank = meter.count(|out| {
            line::write_mark(out);
            out.push('\n');
        });
        meter
    }

    /// Line `index` of a file.
    pub fn code(&mut self, file: usize, index: u32) -> i64 {
        let text = self.text(file, index);
        if let Some(&known) = self.code.get(text) {
            return known;
        }
        let cost = self.count(|out| line::write_code(out, text));
        self.code.insert(text, cost);
        cost
    }

    /// The same with a blank line behind it; not remembered.
    pub fn code_and_blank(&mut self, file: usize, index: u32) -> i64 {
        let text = self.text(file, index);
        self.count(|out| {
            line::write_code(out, text);
            out.push('\n');
        })
    }

    /// The path of a file.
    pub fn path(&mut self, file: usize) -> Path {
        if let Some(known) = self.paths[file] {
            return known;
        }
        let path = &self.files[file].path;
        let alone = self.count(|out| line::write_path(out, path));
        let heading = self.count(|out| line::write_heading(out, path));
        *self.paths[file].insert(Path { alone, heading })
    }

    fn text(&self, file: usize, index: u32) -> &'a str {
        self.files[file].text.get(index as usize).unwrap_or_default()
    }

    fn count(&mut self, write: impl FnOnce(&mut String)) -> i64 {
        self.buffer.clear();
        write(&mut self.buffer);
        self.counter.units(&self.buffer) as i64
    }
}
