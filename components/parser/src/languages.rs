//! The table of languages, made from `queries/` by `build.rs`, and their compiled queries.

use std::cell::OnceCell;

use tree_sitter::Query;
use tree_sitter_language::LanguageFn;

use crate::captures::{Captures, QueryError};

/// A folder of `queries/`.
pub struct Language {
    pub name: &'static str,
    pub grammar: LanguageFn,
    pub query: &'static str,
    pub extensions: &'static [&'static str],
    pub file_names: &'static [&'static str],
    pub interpreters: &'static [&'static str],
    pub family: &'static str,
    /// Languages that use the same file names, and what a line of theirs begins with.
    pub alternatives: &'static [(&'static str, &'static [&'static str])],
    /// Read, not run: its files have sections, and neither other definitions nor references.
    pub document: bool,
    pub revision: &'static str,
}

/// A language ready to parse.
pub struct Compiled {
    pub language: tree_sitter::Language,
    pub query: Query,
    pub captures: Captures,
}

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// The compiled form of every language, each made on first use (or, in the finished component, before it is loaded).
pub struct CompiledLanguages([OnceCell<Result<Compiled, QueryError>>; LANGUAGES.len()]);

impl Default for CompiledLanguages {
    fn default() -> Self {
        Self([const { OnceCell::new() }; LANGUAGES.len()])
    }
}

impl CompiledLanguages {
    /// The compiled form of a language by its position in the table.
    pub fn get(&self, index: usize) -> Result<&Compiled, &QueryError> {
        self.0[index].get_or_init(|| compile(&LANGUAGES[index])).as_ref()
    }
}

fn compile(entry: &Language) -> Result<Compiled, QueryError> {
    let language = tree_sitter::Language::new(entry.grammar);
    let query = Query::new(&language, entry.query).map_err(|error| QueryError::new(entry.name, &error))?;
    let captures = Captures::of(entry.name, &query)?;
    Ok(Compiled { language, query, captures })
}

/// Position of a language in the table, which is sorted by name.
pub fn index_of(name: &str) -> Option<usize> {
    LANGUAGES.binary_search_by(|language| language.name.cmp(name)).ok()
}

/// The language that a text is in, where files of several are called the same: the first alternative of which it has a
/// line, else the one it was taken for.
pub fn told_by_lines(index: usize, text: &str) -> usize {
    let tells = |lines: &[&str]| text.lines().any(|line| lines.iter().any(|start| line.starts_with(start)));
    let alternative = LANGUAGES[index].alternatives.iter().find(|(_, lines)| tells(lines));
    alternative.and_then(|(name, _)| index_of(name)).unwrap_or(index)
}

/// All languages and how their files are recognised, in order of name.
pub fn languages() -> Vec<astlas_model::Language> {
    let owned = |words: &[&str]| words.iter().map(ToString::to_string).collect();
    LANGUAGES
        .iter()
        .map(|language| astlas_model::Language {
            name: language.name.into(),
            extensions: owned(language.extensions),
            file_names: owned(language.file_names),
            interpreters: owned(language.interpreters),
            family: language.family.into(),
            document: language.document,
            revision: language.revision.into(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_query_compiles_and_finds_both_definitions_and_references() {
        let languages = CompiledLanguages::default();
        for (index, language) in LANGUAGES.iter().enumerate() {
            let compiled = languages.get(index).unwrap_or_else(|error| panic!("{error}"));
            let captures = &compiled.captures;
            if language.document {
                assert!(captures.has_sections_only(), "{}: a document has @definition.section only", language.name);
                continue;
            }
            let has_definitions = captures.has_definitions() || captures.has_injections();
            assert!(has_definitions, "{}: no @definition.*", language.name);
            assert!(captures.has_references(), "{}: no @reference.*: the graph would have a sink", language.name);
        }
    }

    #[test]
    fn table_is_sorted_for_the_search() {
        assert!(LANGUAGES.is_sorted_by_key(|language| language.name));
    }
}
