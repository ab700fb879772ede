//! Many sources at once: batches over all threads, one instance each. A trap costs the file that caused it; a host that
//! cannot run the parser is an error, for no file has a part in that.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use astlas_atlas::ports::{Source, StageError};
use astlas_model::{Tags, tags::DiagnosticType};
use wasmtime::Store;

use crate::{
    bindings::parser::{
        ParserComponent,
        exports::astlas::parser::parser::{Options, Source as WitSource},
    },
    bounds::Bounds,
    runtime::{CallError, Runtime},
};

/// Sources handed to the parser in one call, by number and bytes: enough that a call costs nothing beside the parsing,
/// few enough that all cores finish together and that a trap repeats little.
const BATCH_FILES: usize = 32;
const BATCH_BYTES: usize = 256 << 10;

impl Runtime {
    /// The tags of all sources, in their order: each by the component that has its language.
    pub fn parse_all(&self, mut sources: Vec<Source>) -> Result<Vec<Tags>, StageError> {
        if self.languages.is_empty() {
            return self.parse_built_in(&sources);
        }
        let component = |source: &Source| self.languages.iter().find(|component| component.has(&source.language));
        let mut tags: Vec<Option<Tags>> =
            self.in_parallel(&sources, |source| component(source).map(|it| it.parse(source)));
        let mut others = sources.iter_mut().zip(&tags).filter(|(_, tags)| tags.is_none());
        let built_in: Vec<Source> = others.by_ref().map(|(source, _)| std::mem::take(source)).collect();
        let mut built_in = self.parse_built_in(&built_in)?.into_iter();
        tags.iter_mut().filter(|tags| tags.is_none()).for_each(|tags| *tags = built_in.next());
        Ok(tags.into_iter().flatten().collect())
    }

    fn parse_built_in(&self, sources: &[Source]) -> Result<Vec<Tags>, StageError> {
        let batches = batches(sources);
        let mut done = self.in_parallel(&batches, |batch| (batch.as_ptr() as usize, self.parse_safely(batch)));
        // Back into the order of the sources: batches are slices of one vector.
        done.sort_by_key(|(at, _)| *at);
        Ok(done.into_iter().map(|(_, tags)| tags).collect::<Result<Vec<_>, _>>()?.concat())
    }

    /// What becomes of each item, in their order; spread over all threads.
    fn in_parallel<T: Sync, R: Send>(&self, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
        let next = AtomicUsize::new(0);
        let share = || {
            let mut done = vec![];
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(item) = items.get(index) else { break done };
                done.push((index, work(item)));
            }
        };
        let mut done = match self.loaded.threads.min(items.len()) {
            0 | 1 => share(),
            threads => thread::scope(|scope| {
                let others: Vec<_> = (1..threads).map(|_| scope.spawn(share)).collect();
                let mut done = share();
                for other in others {
                    match other.join() {
                        Ok(part) => done.extend(part),
                        Err(panic) => std::panic::resume_unwind(panic),
                    }
                }
                done
            }),
        };
        done.sort_by_key(|(index, _)| *index);
        done.into_iter().map(|(_, result)| result).collect()
    }

    /// A batch; if the parser stops on it, its files one by one, so that only the guilty one goes without tags.
    fn parse_safely(&self, sources: &[Source]) -> Result<Vec<Tags>, StageError> {
        match self.call(&self.loaded.parser, |parser, store| parse(parser, store, sources)) {
            Err(CallError::Stopped(_)) => sources.iter().map(|source| self.parse_alone(source)).collect(),
            parsed => Ok(parsed?),
        }
    }

    /// A source on which the parser may stop. That is worth keeping, for it will stop there again; so it is tried where
    /// no other file can have a part in it.
    fn parse_alone(&self, source: &Source) -> Result<Tags, StageError> {
        match self.call_fresh(&self.loaded.parser, |parser, store| parse(parser, store, std::slice::from_ref(source))) {
            Err(CallError::Stopped(error)) => Ok(failed(source, &format!("not parsed: {}", error.message))),
            parsed => Ok(parsed?.pop().unwrap_or_default()),
        }
    }
}

fn parse(parser: &ParserComponent, store: &mut Store<Bounds>, sources: &[Source]) -> wasmtime::Result<Vec<Tags>> {
    let batch: Vec<WitSource> = sources
        .iter()
        .map(|source| WitSource { language: source.language.clone(), text: source.text.clone() })
        .collect();
    let parsed = parser.astlas_parser_parser().call_parse(store, &batch, Options { work_limit: 0 })?;
    let unknown = |source| failed(source, "no parser for this language");
    Ok(parsed
        .into_iter()
        .zip(sources)
        .map(|(file, source)| file.map_or_else(|_| unknown(source), Into::into))
        .collect())
}

pub(crate) fn failed(source: &Source, message: &str) -> Tags {
    Tags::without(&source.language, DiagnosticType::ParserFailed, message)
}

/// Neighbouring sources, in batches bounded by number and bytes.
fn batches(sources: &[Source]) -> Vec<&[Source]> {
    let (mut batches, mut start, mut bytes) = (vec![], 0, 0);
    for (index, source) in sources.iter().enumerate() {
        if index > start && (index - start >= BATCH_FILES || bytes + source.text.len() > BATCH_BYTES) {
            batches.push(&sources[start..index]);
            (start, bytes) = (index, 0);
        }
        bytes += source.text.len();
    }
    if start < sources.len() {
        batches.push(&sources[start..]);
    }
    // The largest first, so that no core is left alone with one at the end.
    batches.sort_by_key(|batch| std::cmp::Reverse(batch.iter().map(|source| source.text.len()).sum::<usize>()));
    batches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifact::Artifact;
    use crate::runtime::Artifacts;

    #[test]
    fn a_parser_that_cannot_run_is_an_error_and_no_diagnostic() {
        let artifact = |name| Artifact { name, digest: "none", component: b"", compiled: b"" };
        let artifacts = Artifacts {
            parser: artifact("parser"),
            graph: artifact("graph"),
            ranker: artifact("ranker"),
            repomap: artifact("repomap"),
            symbols: artifact("symbols"),
        };
        let source = |text: &str| Source { language: "python".into(), text: text.into() };
        for sources in [vec![source("a = 1")], vec![source("a = 1"), source("b = 2")]] {
            let runtime = Runtime::new(artifacts, None, 1).unwrap();
            let error = runtime.parse_all(sources).unwrap_err();
            assert_eq!(error.stage, "parser");
        }
    }

    #[test]
    fn batches_cover_all_sources_in_bounded_parts() {
        let source = |bytes: usize| Source { language: "c".into(), text: "x".repeat(bytes) };
        let mut sources = vec![source(1); BATCH_FILES + 1];
        sources.extend([source(BATCH_BYTES), source(BATCH_BYTES + 1)]);
        let lengths: Vec<_> = batches(&sources).iter().map(|batch| batch.len()).collect();
        assert_eq!(lengths, [1, 1, BATCH_FILES, 1]);
    }
}
