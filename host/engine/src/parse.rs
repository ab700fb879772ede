//! Many sources at once: batches over all threads, one instance each; a trap costs the file that caused it.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use astlas_atlas::ports::{Source, StageError};
use astlas_model::{Tags, tags::DiagnosticType};

use crate::{
    bindings::parser::exports::astlas::parser::parser::{Options, Source as WitSource},
    runtime::Runtime,
    tags::tags,
};

/// Sources handed to the parser in one call, by number and bytes: enough that a call costs nothing beside the parsing,
/// few enough that all cores finish together and that a trap repeats little.
const BATCH_FILES: usize = 32;
const BATCH_BYTES: usize = 256 << 10;

impl Runtime {
    /// The tags of all sources, in their order.
    pub fn parse_all(&self, sources: &[Source]) -> Result<Vec<Tags>, StageError> {
        let batches = batches(sources);
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done = vec![];
            while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
                done.push((batch.as_ptr(), self.parse_safely(batch)));
            }
            done.into_iter().map(|(at, tags)| (at as usize, tags)).collect::<Vec<_>>()
        };
        let mut done = match self.threads.min(batches.len()) {
            0 | 1 => work(),
            threads => thread::scope(|scope| {
                let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
                let mut done = work();
                for other in others {
                    match other.join() {
                        Ok(part) => done.extend(part),
                        Err(panic) => std::panic::resume_unwind(panic),
                    }
                }
                done
            }),
        };
        // Back into the order of the sources: batches are slices of one vector.
        done.sort_by_key(|(at, _)| *at);
        Ok(done.into_iter().map(|(_, tags)| tags).collect::<Result<Vec<_>, _>>()?.concat())
    }

    fn parse_batch(&self, sources: &[Source]) -> Result<Vec<Tags>, StageError> {
        let batch: Vec<WitSource> = sources
            .iter()
            .map(|source| WitSource { language: source.language.clone(), text: source.text.clone() })
            .collect();
        let parsed = self.call(&self.parser, |bindings, store| {
            bindings.astlas_parser_parser().call_parse(store, &batch, Options { work_limit: 0 })
        })?;
        let unknown = |source: &Source| {
            Tags::without(&source.language, DiagnosticType::ParserFailed, "no parser for this language")
        };
        Ok(parsed.into_iter().zip(sources).map(|(file, source)| file.map_or_else(|_| unknown(source), tags)).collect())
    }

    /// A batch; if the parser traps on it, its files one by one, so that only the guilty one goes without tags.
    fn parse_safely(&self, sources: &[Source]) -> Result<Vec<Tags>, StageError> {
        match self.parse_batch(sources) {
            Ok(tags) => Ok(tags),
            Err(error) => match sources {
                [source] => {
                    let message = format!("not parsed: {}", error.message);
                    Ok(vec![Tags::without(&source.language, DiagnosticType::ParserFailed, &message)])
                }
                _ => Ok(sources
                    .chunks(1)
                    .map(|source| self.parse_safely(source))
                    .collect::<Result<Vec<_>, _>>()?
                    .concat()),
            },
        }
    }
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
