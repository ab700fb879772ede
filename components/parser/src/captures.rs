//! The words a tags query may use, and what each capture of a compiled query stands for.

use astlas_model::tags::{DefinitionType, ReferenceType};
use tree_sitter::Query;

use crate::languages::index_of;

/// What a capture marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capture {
    /// A whole definition, body included.
    Definition(DefinitionType),
    /// A use of a name.
    Reference(ReferenceType),
    /// The name of the definition or reference of the same match.
    Name,
    /// The documentation of the definition of the same match.
    Doc,
    /// A comment: where it ends on the line before a definition, it is its documentation.
    Comment,
    /// What may stand on lines of its own between a definition and its comment: an attribute, a template's parameters.
    Between,
    /// A part of the code whose variables, constants and functions are its own: they are not defined for anyone else.
    Local,
    /// An import statement, or a name imported by the statement around it.
    Import,
    /// The module that is imported from, in a match with `import`; its first and last part where it has several.
    Path,
    /// A name offered to others.
    Export,
    /// Code in the language at this position of the table.
    Injection(usize),
    /// `@_word`: only there for a predicate.
    Unused,
}

/// Why a language's query cannot be used. A mistake in `queries/`, found by the tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError(String);

impl QueryError {
    pub fn new(language: &str, error: &tree_sitter::QueryError) -> Self {
        Self(format!("queries/{language}/tags.scm: {error}"))
    }
}

impl std::fmt::Display for QueryError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Meaning of every capture of a query, by capture index.
pub struct Captures(Vec<Capture>);

impl Captures {
    pub fn of(language: &str, query: &Query) -> Result<Self, QueryError> {
        let meaning = |word: &&str| match *word {
            "name" => Some(Capture::Name),
            "doc" => Some(Capture::Doc),
            "comment" => Some(Capture::Comment),
            "local" => Some(Capture::Local),
            "between" => Some(Capture::Between),
            "import" => Some(Capture::Import),
            "path" => Some(Capture::Path),
            "export" => Some(Capture::Export),
            word if word.starts_with('_') => Some(Capture::Unused),
            word => match word.split_once('.')? {
                ("definition", word) => DefinitionType::from_word(word).map(Capture::Definition),
                ("reference", word) => ReferenceType::from_word(word).map(Capture::Reference),
                ("injection", word) => index_of(word).map(Capture::Injection),
                _ => None,
            },
        };
        let captures =
            query.capture_names().iter().map(|word| meaning(word).ok_or_else(|| Self::unknown(language, word)));
        Ok(Self(captures.collect::<Result<_, _>>()?))
    }

    fn unknown(language: &str, word: &str) -> QueryError {
        let definitions: Vec<_> = DefinitionType::ALL.iter().map(|value| value.word()).collect();
        let references: Vec<_> = ReferenceType::ALL.iter().map(|value| value.word()).collect();
        QueryError(format!(
            "queries/{language}/tags.scm: unknown capture @{word}; valid are @name, @doc, @comment, @between, @local, \
             @import, @path, @export, @definition. followed by one of {}, @reference. followed by one of {}, @injection. \
             followed by a folder of queries/, and @_anything for predicates",
            definitions.join(", "),
            references.join(", "),
        ))
    }

    pub fn get(&self, index: u32) -> Capture {
        self.0.get(index as usize).copied().unwrap_or(Capture::Unused)
    }

    #[cfg(test)]
    pub fn has_definitions(&self) -> bool {
        self.0.iter().any(|capture| matches!(capture, Capture::Definition(_)))
    }

    #[cfg(test)]
    pub fn has_sections_only(&self) -> bool {
        let is_section = |capture: &Capture| match capture {
            Capture::Definition(kind) => *kind == DefinitionType::Section,
            other => !matches!(other, Capture::Reference(_) | Capture::Import | Capture::Export),
        };
        self.has_definitions() && self.0.iter().all(is_section)
    }

    #[cfg(test)]
    pub fn has_injections(&self) -> bool {
        self.0.iter().any(|capture| matches!(capture, Capture::Injection(_)))
    }

    #[cfg(test)]
    pub fn has_references(&self) -> bool {
        self.0.iter().any(|capture| matches!(capture, Capture::Reference(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_captures_are_refused_with_the_valid_ones() {
        let language = tree_sitter::Language::new(tree_sitter_python::LANGUAGE);
        let query = Query::new(&language, "(identifier) @definition.klass").unwrap();
        let message = Captures::of("python", &query).err().unwrap().to_string();
        assert!(
            message.starts_with("queries/python/tags.scm: unknown capture @definition.klass; valid are"),
            "{message}"
        );
        assert!(message.contains("class, constant"), "{message}");
    }
}
