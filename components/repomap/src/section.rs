//! The part of the map that shows one file, and what it costs.
//!
//! A section is its path; or a heading, the lines shown, and marks: between lines that are not neighbours in the
//! file, and at either end where the file has more lines that could be shown. (That the code itself goes on there is
//! no news.) A section with lines is followed by a blank line unless it is the last of the map.

use std::collections::BTreeSet;

use crate::{FileLines, meter::Meter};

/// Indices in here are those of the columns of [`FileLines`].
pub struct Section {
    /// Which file.
    pub file: usize,
    /// The lines shown.
    pub lines: BTreeSet<u32>,
    cost: Cost,
    /// Cost of the file's last line with a blank one behind it, once it was needed.
    last_and_blank: Option<i64>,
}

/// What a section costs, in units of the tokenizer.
#[derive(Clone, Copy, Default)]
pub struct Cost {
    /// As the last of the map.
    pub last: i64,
    /// What the blank line behind it adds. Often nothing: two line breaks are one token, as one is.
    pub blank: i64,
}

impl Cost {
    /// Anywhere but at the end of the map.
    pub fn inside(self) -> i64 {
        self.last + self.blank
    }
}

impl Section {
    /// The path alone.
    pub fn new(file: usize, meter: &mut Meter) -> Self {
        let cost = Cost { last: meter.path(file).alone, blank: 0 };
        Self { file, lines: BTreeSet::new(), cost, last_and_blank: None }
    }

    /// What it costs as it stands.
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Shows more lines, none of them shown before.
    pub fn insert(&mut self, lines: &[u32], files: &[FileLines], meter: &mut Meter) {
        let file = &files[self.file];
        if self.lines.is_empty() && !lines.is_empty() {
            let path = meter.path(self.file);
            self.cost.last += path.heading - path.alone;
        }
        for &line in lines {
            let (before, after) =
                (self.lines.range(..line).next_back().copied(), self.lines.range(line..).next().copied());
            let added = i64::from(is_marked(before, Some(line), file)) + i64::from(is_marked(Some(line), after, file));
            let marks = added - i64::from(is_marked(before, after, file));
            self.cost.last += meter.code(self.file, line) + marks * meter.mark;
            self.lines.insert(line);
        }
        self.cost.blank = match self.lines.last() {
            None => 0,
            Some(&last) if is_marked(Some(last), None, file) => meter.mark_and_blank - meter.mark,
            Some(&last) => {
                let with_blank = *self.last_and_blank.get_or_insert_with(|| meter.code_and_blank(self.file, last));
                with_blank - meter.code(self.file, last)
            }
        };
    }

    /// Takes back the last [`Section::insert`]: its lines, and the cost there was before it.
    pub fn remove(&mut self, lines: &[u32], cost: Cost) {
        for line in lines {
            self.lines.remove(line);
        }
        self.cost = cost;
    }
}

/// Whether there is a mark between two lines shown one after the other; `None` is the start or end of the section.
pub fn is_marked(before: Option<u32>, after: Option<u32>, file: &FileLines) -> bool {
    match (before, after) {
        (None, None) => false,
        (None, Some(first)) => first > 0,
        (Some(last), None) => (last as usize) + 1 < file.line.len(),
        (Some(before), Some(after)) => file.line[before as usize] + 1 != file.line[after as usize],
    }
}
