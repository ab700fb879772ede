//! Which language a file is in: by its name, its extension, or its `#!` line, in that order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A language and how its files are recognised. Fields mean what `wit/parser/parser.wit` says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "documented in wit/parser/parser.wit")]
pub struct Language {
    pub name: String,
    pub extensions: Vec<String>,
    pub file_names: Vec<String>,
    pub interpreters: Vec<String>,
    pub family: String,
    pub document: bool,
    pub revision: String,
}

/// Finds a file's language among those given. Where two claim the same mark, the one given first has it.
#[derive(Clone, Debug, Default)]
pub struct Detector {
    languages: Vec<Language>,
    extensions: BTreeMap<String, usize>,
    file_names: BTreeMap<String, usize>,
    interpreters: BTreeMap<String, usize>,
}

impl Detector {
    /// A detector over these languages.
    pub fn new(languages: Vec<Language>) -> Self {
        let mut detector = Self::default();
        for (index, language) in languages.iter().enumerate() {
            for extension in &language.extensions {
                detector.extensions.entry(extension.to_lowercase()).or_insert(index);
            }
            for file_name in &language.file_names {
                detector.file_names.entry(file_name.clone()).or_insert(index);
            }
            for interpreter in &language.interpreters {
                detector.interpreters.entry(interpreter.clone()).or_insert(index);
            }
        }
        detector.languages = languages;
        detector
    }

    /// All languages, in the order given.
    pub fn languages(&self) -> &[Language] {
        &self.languages
    }

    /// The language of this name.
    pub fn language(&self, name: &str) -> Option<&Language> {
        self.languages.iter().find(|language| language.name == name)
    }

    /// The language of a file with this path, if its name tells.
    pub fn by_path(&self, path: &str) -> Option<&Language> {
        let file_name = path.rsplit('/').next().unwrap_or(path);
        let by_extension = || {
            // `a.d.ts` tries `d.ts`, then `ts`: the longest known extension wins.
            let mut rest = file_name;
            while let Some((_, extension)) = rest.split_once('.') {
                if let Some(&index) = self.extensions.get(&extension.to_lowercase()) {
                    return Some(index);
                }
                rest = extension;
            }
            None
        };
        let index = self.file_names.get(file_name).copied().or_else(by_extension)?;
        self.languages.get(index)
    }

    /// Whether a file of this name can only be told by its first line: it has no extension.
    pub fn needs_first_line(&self, path: &str) -> bool {
        !path.rsplit('/').next().unwrap_or(path).contains('.') && self.by_path(path).is_none()
    }

    /// The language of a script whose first line is this: `#!/usr/bin/env -S python3.12 -u` is Python.
    pub fn by_first_line(&self, line: &str) -> Option<&Language> {
        let mut words = line.strip_prefix("#!")?.split_whitespace();
        let mut program = words.next()?.rsplit('/').next()?;
        if program == "env" {
            program = words.find(|word| !word.starts_with('-') && !word.contains('='))?.rsplit('/').next()?;
        }
        let plain = program.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.' || letter == '-');
        let index = self.interpreters.get(program).or_else(|| self.interpreters.get(plain))?;
        self.languages.get(*index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detector() -> Detector {
        let language = |name: &str, extensions: &[&str], file_names: &[&str], interpreters: &[&str]| Language {
            name: name.into(),
            extensions: extensions.iter().map(ToString::to_string).collect(),
            file_names: file_names.iter().map(ToString::to_string).collect(),
            interpreters: interpreters.iter().map(ToString::to_string).collect(),
            ..Language::default()
        };
        Detector::new(vec![
            language("python", &["py"], &["SConstruct"], &["python"]),
            language("bash", &["sh"], &[".bashrc"], &["bash", "sh"]),
        ])
    }

    #[test]
    fn name_then_extension() {
        let detector = detector();
        let name = |path| detector.by_path(path).map(|language| language.name.as_str());
        assert_eq!(name("a/b.py"), Some("python"));
        assert_eq!(name("a/B.PY"), Some("python"));
        assert_eq!(name("a.py/SConstruct"), Some("python"));
        assert_eq!(name("home/.bashrc"), Some("bash"));
        assert_eq!(name("a.py/README"), None);
        assert_eq!(name("py"), None);
        assert!(detector.needs_first_line("bin/run"));
        assert!(!detector.needs_first_line("bin/run.txt"));
    }

    #[test]
    fn first_line() {
        let detector = detector();
        let name = |line| detector.by_first_line(line).map(|language| language.name.as_str());
        assert_eq!(name("#!/bin/sh"), Some("bash"));
        assert_eq!(name("#! /usr/bin/env -S A=1 python3.12 -u"), Some("python"));
        assert_eq!(name("#!/usr/bin/env"), None);
        assert_eq!(name("#!"), None);
        assert_eq!(name("python"), None);
    }
}
