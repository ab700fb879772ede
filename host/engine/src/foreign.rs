//! Languages that are not built in: components of other people, made against `wit/parser`.
//!
//! Nothing is known of them but their interface. They get no capability: what they import is there, and traps when it is
//! called. Their memory, their work and their answers are bounded, and their answers are checked before anyone relies on
//! them. Whatever such a component does costs its own files alone.

use std::{path::Path, sync::Mutex};

use astlas_atlas::ports::Source;
use astlas_model::{Language, Tags};
use wasmtime::{
    Engine, Store, StoreLimits, StoreLimitsBuilder, Trap,
    component::{Component, Linker},
};

use crate::{
    artifact,
    bindings::parser::{
        ParserComponent,
        exports::astlas::parser::parser::{Options, Source as WitSource},
    },
    config::{self, MEMORY_LIMIT, TABLE_ELEMENTS},
    parse::failed,
    plausible::contradiction,
    runtime::{CallError, failure},
};

/// Work for one file, in wasm instructions: a parser made with tree-sitter takes a few thousand for each byte.
const WORK_BASE: u64 = 500_000_000;
const WORK_PER_BYTE: u64 = 50_000;

/// Most bytes that one answer may hand to the host.
const ANSWER_LIMIT: usize = 256 << 20;

/// Modules and tables that a component may be made of: beside its own module, adapters for what it imports.
const MODULES: usize = 20;

/// Languages one component may have, and bytes of each of their words.
const LANGUAGES: usize = 1000;
const WORD_BYTES: usize = 100;

/// Why a language component is of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LanguageError {
    /// Bytes that wasmtime does not compile.
    #[error(
        "not a component of WebAssembly: {0}; build it for wasm32-wasip2, or make one of a module with wasm-tools component new"
    )]
    NotAComponent(String),
    /// Another world.
    #[error("does not export what astlas:parser/parser-component does: {0}")]
    OtherInterface(String),
    /// It stopped when asked for its languages.
    #[error("does not say which languages it has: {0}; it gets no files, clock, environment or randomness")]
    Silent(String),
    /// What it says of its languages cannot be used.
    #[error("{0}")]
    Languages(String),
}

/// A component that parses languages of its own.
pub struct LanguageComponent {
    engine: Engine,
    component: Component,
    digest: String,
    languages: Vec<Language>,
    idle: Mutex<Vec<(Store<StoreLimits>, ParserComponent)>>,
}

impl std::fmt::Debug for LanguageComponent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("LanguageComponent").field("languages", &self.languages).finish_non_exhaustive()
    }
}

impl LanguageComponent {
    /// Compiles a component and asks for its languages. `folder` is where compiled code may be kept. Languages in
    /// `taken` exist already.
    pub fn load(bytes: &[u8], folder: Option<&Path>, taken: &[Language]) -> Result<Self, LanguageError> {
        let digest = blake3::hash(bytes).to_hex().to_string();
        let not_a_component = |error: wasmtime::Error| LanguageError::NotAComponent(error.root_cause().to_string());
        let engine = config::foreign_engine().map_err(not_a_component)?;
        let component = artifact::load_foreign(&engine, bytes, &digest, folder).map_err(not_a_component)?;
        let mut loaded = Self { engine, component, digest, languages: vec![], idle: Mutex::new(vec![]) };
        let instance = loaded.instantiate().map_err(|error| LanguageError::OtherInterface(format!("{error:#}")))?;
        let languages = loaded
            .call(instance, 0, |parser, store| parser.astlas_parser_parser().call_languages(store))
            .map_err(LanguageError::Silent)?;
        loaded.languages = languages.into_iter().map(Into::into).collect();
        check(&loaded.languages, taken).map_err(LanguageError::Languages)?;
        for language in &mut loaded.languages {
            // Whatever changes in the component changes the keys of all that it made.
            language.revision = loaded.digest[..12].to_owned();
        }
        Ok(loaded)
    }

    /// Its languages.
    pub fn languages(&self) -> &[Language] {
        &self.languages
    }

    /// blake3 of the component, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Whether it has this language.
    pub fn has(&self, language: &str) -> bool {
        self.languages.iter().any(|known| known.name == language)
    }

    /// The tags of a source; if there is no answer, or none to rely on, tags that say so.
    pub fn parse(&self, source: &Source) -> Tags {
        let parsed = self.answer(source).and_then(|tags| match contradiction(&tags, source) {
            None => Ok(tags),
            Some(what) => Err(format!("the component contradicts itself or the file: {what}")),
        });
        parsed.unwrap_or_else(|how| failed(source, &format!("not parsed: {how}")))
    }

    fn answer(&self, source: &Source) -> Result<Tags, String> {
        let idle = self.idle.lock().map(|mut idle| idle.pop()).unwrap_or_default();
        let instance = match idle {
            Some(instance) => instance,
            None => self.instantiate().map_err(|error| format!("{error:#}"))?,
        };
        let batch = [WitSource { language: source.language.clone(), text: source.text.clone() }];
        let mut answers = self.call(instance, source.text.len(), |parser, store| {
            parser.astlas_parser_parser().call_parse(store, &batch, Options { work_limit: 0 })
        })?;
        match (answers.pop(), answers.len()) {
            (Some(Ok(answer)), 0) => Ok(answer.into()),
            (Some(Err(_)), 0) => Err("the component does not know its own language".into()),
            (None, _) => Err("the component answered nothing".into()),
            (_, others) => Err(format!("the component gave {} answers for one file", others + 1)),
        }
    }

    /// A fresh instance. What the component imports is there by name, because ordinary toolchains import WASI whether
    /// it is used or not; but it traps.
    fn instantiate(&self) -> wasmtime::Result<(Store<StoreLimits>, ParserComponent)> {
        let mut linker = Linker::new(&self.engine);
        linker.define_unknown_imports_as_traps(&self.component)?;
        let mut store = Store::new(&self.engine, foreign_limits());
        store.limiter(|limits| limits);
        store.set_hostcall_fuel(ANSWER_LIMIT);
        store.set_fuel(WORK_BASE)?;
        let parser = ParserComponent::instantiate(&mut store, &self.component, &linker)?;
        Ok((store, parser))
    }

    /// Calls an instance for a text of so many bytes; keeps the instance unless the call failed.
    fn call<R>(
        &self,
        (mut store, parser): (Store<StoreLimits>, ParserComponent),
        bytes: usize,
        call: impl FnOnce(&ParserComponent, &mut Store<StoreLimits>) -> wasmtime::Result<R>,
    ) -> Result<R, String> {
        let work = WORK_BASE.saturating_add(WORK_PER_BYTE.saturating_mul(bytes as u64));
        store.set_fuel(work).map_err(|error| error.to_string())?;
        let answer = call(&parser, &mut store).map_err(|error| ending(&error))?;
        if let Ok(mut idle) = self.idle.lock() {
            idle.push((store, parser));
        }
        Ok(answer)
    }
}

/// How a call ended without an answer.
fn ending(error: &wasmtime::Error) -> String {
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => "the component stopped: it took more work than one file may".into(),
        Some(Trap::UnreachableCodeReached) => "the component gave up".into(),
        _ => match failure("parser", error) {
            CallError::Stopped(error) => format!("the component {}", error.message),
            // Among these is the name of an import that it called.
            CallError::NotRun(error) => format!("the component stopped: {}", error.message),
        },
    }
}

/// As for our own parser; and no more memories than a component of one module has, so that the limit of one is a limit.
fn foreign_limits() -> StoreLimits {
    StoreLimitsBuilder::new()
        .memory_size(MEMORY_LIMIT)
        .memories(2)
        .table_elements(TABLE_ELEMENTS)
        .tables(MODULES)
        .instances(MODULES)
        .trap_on_grow_failure(true)
        .build()
}

/// What is wrong with what a component says of its languages.
fn check(languages: &[Language], taken: &[Language]) -> Result<(), String> {
    if languages.is_empty() || languages.len() > LANGUAGES {
        return Err(format!("has {} languages; between 1 and {LANGUAGES} are possible", languages.len()));
    }
    for (index, Language { name, extensions, file_names, interpreters, .. }) in languages.iter().enumerate() {
        let is_part = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if name.is_empty() || name.len() > WORD_BYTES || !name.chars().all(is_part) {
            return Err(format!(
                "calls a language {name:.40?}; give it a name of lower-case letters, digits and hyphens"
            ));
        }
        if languages[..index].iter().chain(taken).any(|other| other.name == *name) {
            return Err(format!(
                "calls a language {name}, as another one is called already; give it a name of its own"
            ));
        }
        let is_word = |word: &String| {
            (1..=WORD_BYTES).contains(&word.len())
                && !word.contains(|letter: char| letter.is_control() || letter == '/')
        };
        if let Some(word) = [extensions, file_names, interpreters].into_iter().flatten().find(|word| !is_word(word)) {
            return Err(format!("recognises files of {name} by {word:.40?}, which is no part of a file's name"));
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]
mod tests {
    use wasmtime::ResourceLimiter;

    use super::*;

    #[test]
    fn memory_tables_and_modules_of_a_foreign_component_are_limited() {
        let mut limits = foreign_limits();
        assert!(limits.memory_growing(0, MEMORY_LIMIT, None).unwrap());
        assert!(limits.memory_growing(0, MEMORY_LIMIT + 1, None).is_err());
        assert!(limits.table_growing(0, TABLE_ELEMENTS, None).unwrap());
        assert!(limits.table_growing(0, TABLE_ELEMENTS + 1, None).is_err());
        assert_eq!((limits.instances(), limits.tables(), limits.memories()), (MODULES, MODULES, 2));
    }
}
