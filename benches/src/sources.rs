//! The sources of a corpus, read into memory.

use std::fs;

use anyhow::{Context, Result, ensure};
use astlas_atlas::{
    file_names,
    ports::{Source, Stages},
    source::FILE_LIMIT,
};
use astlas_engine::Runtime;
use astlas_model::{Detector, Strings, stages::FileNames};
use ignore::WalkBuilder;

use crate::corpora::Corpus;

/// What the graph is built from.
pub struct Names {
    pub paths: Strings,
    pub files: Vec<FileNames>,
}

impl Names {
    /// Of all sources of a corpus.
    pub fn of(corpus: &Corpus, runtime: &Runtime) -> Result<Self> {
        let (paths, sources): (Vec<_>, Vec<_>) = files(corpus, runtime)?.into_iter().unzip();
        let detector = Detector::new(runtime.languages()?);
        let mut files = vec![];
        for chunk in sources.chunks(CHUNK) {
            let tags = runtime.parse(chunk.to_vec())?;
            files.extend(tags.iter().map(|tags| file_names(tags, detector.language(&tags.language))));
        }
        Ok(Self { paths: paths.iter().collect(), files })
    }
}

/// Files parsed at once.
const CHUNK: usize = 500;

/// The corpus's sources in languages the parser knows.
pub fn sources(corpus: &Corpus, runtime: &Runtime) -> Result<Vec<Source>> {
    Ok(files(corpus, runtime)?.into_iter().map(|(_, source)| source).collect())
}

/// The same with their paths below the corpus's folder, in order of path.
pub fn files(corpus: &Corpus, runtime: &Runtime) -> Result<Vec<(String, Source)>> {
    let detector = Detector::new(runtime.languages()?);
    let mut sources = vec![];
    for entry in WalkBuilder::new(&corpus.folder).sort_by_file_path(Ord::cmp).build() {
        let entry = entry?;
        let is_source = entry.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() <= FILE_LIMIT);
        if !is_source {
            continue;
        }
        let path = entry.path().to_str().context("a path that is not UTF-8")?;
        if let Some(language) = detector.by_path(path)
            && let Ok(text) = fs::read_to_string(path)
        {
            let below = entry.path().strip_prefix(&corpus.folder)?.to_str().context("a path that is not UTF-8")?;
            sources.push((below.to_owned(), Source { language: language.name.clone(), text }));
        }
    }
    ensure!(!sources.is_empty(), "no sources in {}", corpus.folder.display());
    Ok(sources)
}
