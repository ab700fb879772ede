//! From a file's tags to the lines of it that a map may show.

use std::collections::{BTreeMap, BTreeSet};

use astlas_model::{Tags, stages::FileLines, tags::DefinitionType};

/// The lines of one file that may be shown, and which of them define what.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// What the renderer needs.
    pub lines: FileLines,
    /// For each name, the lines that define it, as indices into `lines`.
    by_name: BTreeMap<String, Vec<u32>>,
    /// Lines that no ranked name leads to.
    unranked: Vec<u32>,
}

impl Outline {
    /// The lines that define a name, as indices into `lines`.
    pub fn lines_of(&self, name: &str) -> &[u32] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// Lines that no ranked name leads to.
    pub fn unranked_lines(&self) -> impl Iterator<Item = u32> {
        self.unranked.iter().copied()
    }

    /// Whether no name and nothing else leads to any line.
    pub fn leads_nowhere(&self) -> bool {
        self.by_name.is_empty() && self.unranked.is_empty()
    }
}

/// The outline of a file.
pub fn outline(path: &str, tags: &Tags) -> Outline {
    let d = &tags.definitions;
    let mut outline = Outline { lines: FileLines { path: path.into(), ..FileLines::default() }, ..Outline::default() };
    let place = push_lines(&mut outline.lines, &source_lines(tags));
    for index in 0..d.name.len() {
        let Some(&line) = place.get(&d.name_line[index]) else { continue };
        match d.types[index] {
            DefinitionType::Section => outline.unranked.push(line),
            DefinitionType::Implementation => {}
            _ => outline.by_name.entry(tags.name(d.name[index]).to_owned()).or_default().push(line),
        }
    }
    outline
}

/// A line of the source with definitions on it.
struct SourceLine<'a> {
    text: &'a str,
    /// The line that opens the scope around it, if that is an earlier one.
    around: Option<u32>,
}

/// The lines with definitions on them, by number.
fn source_lines(tags: &Tags) -> BTreeMap<u32, SourceLine<'_>> {
    let d = &tags.definitions;
    // One line may open several definitions (minified code, `a, b = 1, 2`): it is shown once, by its longest signature.
    let mut lines: BTreeMap<u32, SourceLine<'_>> = BTreeMap::new();
    for (index, text) in d.signature.iter().enumerate() {
        let number = d.name_line[index];
        let scope = d.scope[index].checked_sub(1).map(|scope| d.name_line[scope as usize]);
        let around = scope.filter(|&scope| scope < number);
        let line = lines.entry(number).or_insert(SourceLine { text, around });
        if text.len() > line.text.len() {
            line.text = text;
        }
    }
    lines
}

/// Appends lines and says at which index each one stands. In one scope, an equal line tells nothing new (overloads,
/// variants of a function for several systems, a block that is opened again), so it stands where the first one does;
/// unless something would seem to be in the wrong place then: what is inside it, behind another line.
fn push_lines(out: &mut FileLines, lines: &BTreeMap<u32, SourceLine<'_>>) -> BTreeMap<u32, u32> {
    let opening: BTreeSet<u32> = lines.values().filter_map(|line| line.around).collect();
    let mut place: BTreeMap<u32, u32> = BTreeMap::new();
    let mut equal: BTreeMap<(u32, &str), u32> = BTreeMap::new();
    let mut last: BTreeMap<u32, u32> = BTreeMap::new();
    for (&number, line) in lines {
        let scope = line.around.and_then(|around| place.get(&around)).map_or(0, |around| around + 1);
        let first = equal.get(&(scope, line.text)).copied();
        let at = first.filter(|first| !opening.contains(&number) || last.get(&scope) == Some(first));
        let at = at.unwrap_or_else(|| {
            out.line.push(number);
            out.scope.push(scope);
            out.text.push(line.text);
            out.line.len() as u32 - 1
        });
        place.insert(number, at);
        equal.insert((scope, line.text), at);
        last.insert(scope, at);
    }
    place
}

/// How many definitions are around each one of a file, in their order.
pub fn depths(tags: &Tags) -> Vec<u32> {
    let mut depths: Vec<u32> = vec![];
    for &scope in &tags.definitions.scope {
        let around = scope.checked_sub(1).and_then(|scope| depths.get(scope as usize));
        depths.push(around.map_or(0, |depth| depth + 1));
    }
    depths
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tags of definitions given as line, scope (index plus one) and text; the name is the text's first word.
    fn tags(definitions: &[(u32, u32, &str)]) -> Tags {
        let mut tags = Tags::default();
        for (index, &(line, scope, text)) in definitions.iter().enumerate() {
            tags.names.push(text.split_whitespace().next().unwrap_or_default());
            let d = &mut tags.definitions;
            d.name.push(index as u32);
            d.types.push(DefinitionType::Function);
            for column in [&mut d.start_line, &mut d.end_line, &mut d.name_line] {
                column.push(line);
            }
            d.start_byte.push(line * 100);
            d.end_byte.push(line * 100 + 1);
            d.scope.push(scope);
            d.signature.push(text);
            d.doc.push("");
        }
        assert!(tags.is_sound());
        tags
    }

    fn lines(outline: &Outline) -> Vec<(u32, u32, &str)> {
        let lines = &outline.lines;
        (0..lines.line.len()).map(|at| (lines.line[at], lines.scope[at], lines.text.get(at).unwrap())).collect()
    }

    #[test]
    fn a_file_without_definitions_has_no_lines() {
        let outline = outline("a", &Tags::default());
        assert!(outline.lines.text.is_empty() && outline.leads_nowhere());
        assert_eq!(outline.lines_of("x"), &[] as &[u32]);
    }

    #[test]
    fn a_line_with_several_definitions_stands_once_by_the_longest() {
        let outline = outline("a", &tags(&[(3, 0, "a"), (3, 1, "b ()"), (3, 0, "c")]));
        assert_eq!(lines(&outline), [(3, 0, "b ()")]);
        assert_eq!((outline.lines_of("a"), outline.lines_of("c")), (&[0][..], &[0][..]));
    }

    #[test]
    fn equal_lines_of_a_scope_stand_once() {
        let outline =
            outline("a", &tags(&[(0, 0, "impl"), (1, 1, "new ("), (4, 1, "other"), (6, 1, "new ("), (9, 0, "new (")]));
        assert_eq!(lines(&outline), [(0, 0, "impl"), (1, 1, "new ("), (4, 1, "other"), (9, 0, "new (")]);
        assert_eq!(outline.lines_of("new"), [1, 1, 3]);
    }

    #[test]
    fn what_is_inside_equal_lines_stays_in_its_place() {
        let source = [
            (0, 0, "class A"),
            (1, 1, "x"),
            (3, 0, "class A"),
            (4, 3, "y"),
            (6, 0, "b"),
            (8, 0, "class A"),
            (9, 6, "z"),
        ];
        let expected = [(0, 0, "class A"), (1, 1, "x"), (4, 1, "y"), (6, 0, "b"), (8, 0, "class A"), (9, 5, "z")];
        assert_eq!(lines(&outline("a", &tags(&source))), expected);
    }
}
