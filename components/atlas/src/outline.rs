//! From a file's tags to the lines of it that a map may show.

use std::collections::BTreeMap;

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
}

/// The outline of a file.
pub fn outline(path: &str, tags: &Tags) -> Outline {
    let d = &tags.definitions;
    // One line may open several definitions (minified code, `a, b = 1, 2`): it is shown once, by its longest signature.
    let mut texts: BTreeMap<u32, (&str, u32)> = BTreeMap::new();
    for (index, signature) in d.signature.iter().enumerate() {
        let entry = texts.entry(d.name_line[index]).or_insert((signature, d.scope[index]));
        if signature.len() > entry.0.len() {
            entry.0 = signature;
        }
    }
    let place: BTreeMap<u32, u32> = texts.keys().enumerate().map(|(at, &line)| (line, at as u32)).collect();
    let mut outline = Outline { lines: FileLines { path: path.into(), ..FileLines::default() }, ..Outline::default() };
    for (&line, &(text, scope)) in &texts {
        // Only an earlier line can open the scope around this one.
        let scope = scope.checked_sub(1).and_then(|scope| place.get(&d.name_line[scope as usize])).copied();
        outline
            .lines
            .scope
            .push(scope.filter(|&scope| scope < outline.lines.line.len() as u32).map_or(0, |scope| scope + 1));
        outline.lines.line.push(line);
        outline.lines.text.push(text);
    }
    for index in 0..d.name.len() {
        let line = place[&d.name_line[index]];
        match d.types[index] {
            DefinitionType::Section => outline.unranked.push(line),
            DefinitionType::Implementation => {}
            _ => outline.by_name.entry(tags.name(d.name[index]).to_owned()).or_default().push(line),
        }
    }
    outline
}

/// All definitions of a file with their depth, as indented text: what `astlas tags` prints.
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

    #[test]
    fn a_file_without_definitions_has_no_lines() {
        let outline = outline("a", &Tags::default());
        assert!(outline.lines.text.is_empty());
        assert_eq!(outline.lines_of("x"), &[] as &[u32]);
    }
}
