//! What one source file defines and mentions. Fields mean what `wit/types/tags.wit` says.

use serde::{Deserialize, Serialize};

use crate::Strings;

/// Declares an enum together with the words it is written as, in one place.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[allow(missing_docs, reason = "the words are documented in wit/")]
        pub enum $name { $($variant),+ }

        impl $name {
            /// Every value, in order of declaration.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word used in queries, JSON and tables.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value a word stands for.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }
        }
    };
}

pub(crate) use words;

words! {
    /// What a definition is.
    DefinitionType {
        Class = "class", Constant = "constant", Constructor = "constructor", Enumeration = "enumeration",
        Field = "field", Function = "function", Implementation = "implementation", Interface = "interface",
        Macro = "macro", Method = "method", Module = "module", Object = "object", Property = "property",
        Section = "section", Struct = "struct", Trait = "trait", Type = "type", Union = "union",
        Variable = "variable", Variant = "variant",
    }
}

words! {
    /// How a name is used.
    ReferenceType {
        Call = "call", Class = "class", Identifier = "identifier", Implementation = "implementation",
        Module = "module", Type = "type",
    }
}

words! {
    /// Why a part of a file has no tags.
    DiagnosticType {
        SyntaxError = "syntax-error", MissingToken = "missing-token", Binary = "binary",
        InvalidUtf8 = "invalid-utf8", TooLarge = "too-large", WorkLimit = "work-limit", ParserFailed = "parser-failed",
    }
}

/// Definitions as columns, in order of `start_byte`, the longer of two that start together first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "documented in wit/types/tags.wit")]
pub struct Definitions {
    pub name: Vec<u32>,
    pub types: Vec<DefinitionType>,
    pub start_line: Vec<u32>,
    pub end_line: Vec<u32>,
    pub start_byte: Vec<u32>,
    pub end_byte: Vec<u32>,
    pub name_line: Vec<u32>,
    pub scope: Vec<u32>,
    pub signature: Strings,
    pub doc: Strings,
}

/// References as columns, in order of `start_byte`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "documented in wit/types/tags.wit")]
pub struct References {
    pub name: Vec<u32>,
    pub types: Vec<ReferenceType>,
    pub line: Vec<u32>,
    pub start_byte: Vec<u32>,
    pub end_byte: Vec<u32>,
    pub scope: Vec<u32>,
}

/// Imported names as columns, in order of `line`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "documented in wit/types/tags.wit")]
pub struct Imports {
    pub path: Strings,
    pub name: Strings,
    pub line: Vec<u32>,
}

/// Exported names as columns, in order of `line`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "documented in wit/types/tags.wit")]
pub struct Exports {
    pub name: Vec<u32>,
    pub line: Vec<u32>,
}

/// Diagnostics as columns, in order of `line`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "documented in wit/types/tags.wit")]
pub struct Diagnostics {
    pub types: Vec<DiagnosticType>,
    pub line: Vec<u32>,
    pub message: Strings,
}

impl Diagnostics {
    /// Appends one.
    pub fn push(&mut self, kind: DiagnosticType, line: u32, message: &str) {
        self.types.push(kind);
        self.line.push(line);
        self.message.push(message);
    }
}

/// One file's tags: self-contained, and without the file's path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "documented in wit/types/tags.wit")]
pub struct Tags {
    pub language: String,
    pub lines: u32,
    pub generated: bool,
    pub minified: bool,
    pub names: Strings,
    pub definitions: Definitions,
    pub references: References,
    pub imports: Imports,
    pub exports: Exports,
    pub diagnostics: Diagnostics,
}

impl Tags {
    /// Tags of a file that has none, and why.
    pub fn without(language: &str, kind: DiagnosticType, message: &str) -> Self {
        let mut tags = Self { language: language.into(), ..Self::default() };
        tags.diagnostics.push(kind, 0, message);
        tags
    }

    /// The name at an index of a `name` column.
    pub fn name(&self, index: u32) -> &str {
        self.names.get(index as usize).unwrap_or_default()
    }

    /// Name of definition `index` with the names of the scopes around it, joined by `.`: `Flask.run`.
    pub fn qualified_name(&self, index: usize) -> String {
        let mut parts = vec![];
        let mut next = Some(index);
        while let Some(index) = next {
            let Some(&name) = self.definitions.name.get(index) else { break };
            parts.push(self.name(name));
            // A scope is always an earlier definition, which also ends the walk on altered input.
            let scope = self.definitions.scope.get(index).map_or(0, |&scope| scope as usize);
            next = (scope > 0 && scope <= index).then(|| scope - 1);
        }
        parts.reverse();
        parts.join(".")
    }

    /// Whether columns are equally long, indices stay inside and scopes point backwards: what readers rely on.
    pub fn is_sound(&self) -> bool {
        let (d, r, i, e, g) = (&self.definitions, &self.references, &self.imports, &self.exports, &self.diagnostics);
        let n = d.name.len();
        let lengths = [d.types.len(), d.start_line.len(), d.end_line.len(), d.start_byte.len(), d.end_byte.len()]
            .into_iter()
            .chain([d.name_line.len(), d.scope.len(), d.signature.len(), d.doc.len()])
            .all(|length| length == n);
        let m = r.name.len();
        let reference_lengths = [r.types.len(), r.line.len(), r.start_byte.len(), r.end_byte.len(), r.scope.len()]
            .into_iter()
            .all(|length| length == m);
        let strings = [&self.names, &d.signature, &d.doc, &i.path, &i.name, &g.message];
        let names = self.names.len() as u32;
        lengths
            && reference_lengths
            && strings.into_iter().all(Strings::is_sound)
            && i.path.len() == i.line.len()
            && i.name.len() == i.line.len()
            && e.name.len() == e.line.len()
            && g.types.len() == g.line.len()
            && g.message.len() == g.line.len()
            && d.name.iter().chain(&r.name).chain(&e.name).all(|&name| name < names)
            && d.scope.iter().enumerate().all(|(index, &scope)| scope as usize <= index)
            && r.scope.iter().all(|&scope| scope as usize <= n)
    }
}
