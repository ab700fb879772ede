//! Which definitions a change of lines touches.

use std::ops::Range;

use astlas_model::Tags;
use imara_diff::{Algorithm, Diff, InternedInput};

/// A run of lines that became another one. Zero-based; either may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    pub before: Range<u32>,
    pub after: Range<u32>,
}

/// The runs of lines in which two texts differ, in order.
pub fn hunks(before: &str, after: &str) -> Vec<Hunk> {
    let input = InternedInput::new(before, after);
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    diff.hunks().map(|hunk| Hunk { before: hunk.before, after: hunk.after }).collect()
}

/// The definitions that these runs of lines touch, ascending: the innermost around each line. A run without lines
/// touches what is open on both sides of it.
pub fn touched<'a>(tags: &Tags, runs: impl Iterator<Item = &'a Range<u32>>) -> Vec<usize> {
    let innermost = innermost(tags);
    let at = |line: u32| innermost.get(line as usize).copied().flatten();
    let mut touched = vec![];
    for run in runs {
        if run.is_empty() {
            let open = run.start.checked_sub(1).and_then(at).filter(|_| at(run.start).is_some());
            // The definition that starts or ends beside the gap is not touched by it, but the one around both is.
            touched.extend(open.and_then(|index| around(tags, index, run.start)));
        } else {
            touched.extend(run.clone().take_while(|line| (*line as usize) < innermost.len()).filter_map(at));
        }
    }
    touched.sort_unstable();
    touched.dedup();
    touched
}

/// The innermost definition, of those around `index`, that is open on both sides of the gap before `line`.
fn around(tags: &Tags, index: usize, line: u32) -> Option<usize> {
    let d = &tags.definitions;
    let mut next = Some(index);
    while let Some(index) = next {
        if d.start_line[index] < line && line <= d.end_line[index] {
            return Some(index);
        }
        next = (d.scope[index] as usize).checked_sub(1);
    }
    None
}

/// For each line the innermost definition around it. Definitions come in order of their start, outer ones first, so
/// that each overwrites those around it.
fn innermost(tags: &Tags) -> Vec<Option<usize>> {
    let d = &tags.definitions;
    let lines = d.end_line.iter().max().map_or(0, |&last| last as usize + 1);
    let mut innermost = vec![None; lines];
    for index in 0..d.name.len() {
        let (start, end) = (d.start_line[index] as usize, d.end_line[index] as usize);
        if let Some(lines) = innermost.get_mut(start..=end) {
            lines.fill(Some(index));
        }
    }
    innermost
}

#[cfg(test)]
mod tests {
    use astlas_model::tags::DefinitionType;

    use super::*;

    /// Definitions as start, end and scope (index plus one).
    fn tags(definitions: &[(u32, u32, u32)]) -> Tags {
        let mut tags = Tags::default();
        tags.names.push("x");
        for &(start, end, scope) in definitions {
            let d = &mut tags.definitions;
            d.name.push(0);
            d.types.push(DefinitionType::Function);
            d.start_line.push(start);
            d.end_line.push(end);
            d.name_line.push(start);
            d.start_byte.push(start * 100);
            d.end_byte.push(end * 100 + 99);
            d.scope.push(scope);
            d.signature.push("");
            d.doc.push("");
        }
        assert!(tags.is_sound());
        tags
    }

    #[test]
    fn hunks_are_the_runs_that_differ() {
        assert_eq!(hunks("a\nb\n", "a\nb\n"), []);
        assert_eq!(
            hunks("a\nb\nc\n", "a\nx\nc\nd\n"),
            [Hunk { before: 1..2, after: 1..2 }, Hunk { before: 3..3, after: 3..4 }]
        );
        assert_eq!(hunks("", "a\n"), [Hunk { before: 0..0, after: 0..1 }]);
    }

    #[test]
    fn the_innermost_definition_is_touched() {
        // class 0-9, method 1-3, method 5-8, function 11-12.
        let tags = tags(&[(0, 9, 0), (1, 3, 1), (5, 8, 1), (11, 12, 0)]);
        let touch = |run: Range<u32>| touched(&tags, [run].iter());
        assert_eq!(touch(2..3), [1]);
        assert_eq!(touch(4..5), [0]);
        assert_eq!(touch(3..6), [0, 1, 2]);
        assert_eq!(touch(10..11), [0usize; 0]);
        assert_eq!(touch(0..100), [0, 1, 2, 3]);
        assert_eq!(touch(2..2), [1], "lines are gone from within a method");
        assert_eq!(touch(4..4), [0], "a method is gone from a class");
        assert_eq!(touch(5..5), [0]);
        assert_eq!(touch(10..10), [0usize; 0], "something is gone from between a class and a function");
        assert_eq!(touch(0..0), [0usize; 0]);
    }
}
