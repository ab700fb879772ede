//! Which sections of a document are kept: its outline, not its data.

use std::{collections::BTreeMap, ops::Range};

use crate::found::Found;

/// Most sections of one document. What has more is a table, a translation or a list of locked packages: of those the
/// outer levels say what it is, and the rest would bury the code of a repository.
const SECTIONS: usize = 150;

impl Found<'_> {
    /// Keeps one section for each line, the outermost: whoever sees the line sees what is in it. Of the levels keeps
    /// as many as there is room for, from the outside in.
    pub fn keep_outline(&mut self) {
        let sections = &mut self.definitions;
        sections.sort_by_key(|s| (s.node.start_byte(), std::cmp::Reverse(s.node.end_byte()), s.name.start_byte()));
        let mut last_line = None;
        sections.retain(|s| last_line.replace(s.name.start_position().row) != Some(s.name.start_position().row));

        let (mut open, mut levels, mut sizes) = (vec![], vec![], BTreeMap::<usize, usize>::new());
        for section in sections.iter() {
            let node = section.node.byte_range();
            while open.pop_if(|around: &mut Range<usize>| around.end <= node.start).is_some() {}
            // Two selectors of one rule stand side by side.
            if open.last() != Some(&node) {
                open.push(node);
            }
            let level = open.len();
            *sizes.entry(level).or_default() += 1;
            levels.push(level);
        }
        let mut room = SECTIONS;
        let fits = |size: &usize| room.checked_sub(*size).map(|rest| room = rest).is_some();
        // A single level of very many is cut instead: something of it is better than nothing.
        let kept = sizes.values().copied().take_while(fits).count().max(1);
        let mut levels = levels.into_iter();
        sections.retain(|_| levels.next().is_some_and(|level| level <= kept));
        sections.truncate(SECTIONS);
    }
}
