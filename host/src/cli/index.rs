//! `astlas index`

use std::{collections::BTreeMap, path::PathBuf, time::Instant};

use anyhow::Result;
use astlas_atlas::indexed::Indexed;
use clap::Args;
use serde::Serialize;

use super::{Format, Global};
use crate::{output, session::Session, skipped};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder to index
    #[arg(default_value = ".")]
    path: PathBuf,
    /// How the figures are printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

/// What an index holds and took.
#[derive(Serialize)]
struct Figures {
    files: usize,
    parsed: usize,
    cached: usize,
    unreadable: usize,
    files_with_diagnostics: u64,
    definitions: u64,
    references: u64,
    tags: u64,
    edges: usize,
    bytes_read: u64,
    seconds: f64,
    peak_memory_bytes: Option<u64>,
    languages: BTreeMap<String, usize>,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<()> {
    let started = Instant::now();
    let session = Session::open(&arguments.path, global)?;
    let (indexed, tree) = session.index()?;
    if session.warner.is_verbose() {
        for line in skipped::with_diagnostics(&session.atlas, &indexed, &tree)? {
            session.warner.note(&line);
        }
    }
    let figures = figures(&indexed, started);
    match arguments.format {
        Format::Json => output::print_json(&figures),
        Format::Table => output::print(&text(&figures)),
    }
}

fn figures(indexed: &Indexed, started: Instant) -> Figures {
    let (report, snapshot) = (&indexed.report, &indexed.snapshot);
    Figures {
        files: report.files,
        parsed: report.parsed,
        cached: report.cached,
        unreadable: report.unreadable.len(),
        files_with_diagnostics: snapshot.files_with_diagnostics,
        definitions: snapshot.definitions,
        references: snapshot.references,
        tags: snapshot.definitions + snapshot.references,
        edges: snapshot.graph.edge_source.len(),
        bytes_read: report.bytes_read,
        seconds: started.elapsed().as_secs_f64(),
        peak_memory_bytes: peak_memory(),
        languages: report.languages.clone(),
    }
}

/// Most memory this process has held, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kibibytes| kibibytes << 10)
}

fn text(figures: &Figures) -> String {
    let mut rows = vec![
        vec!["files".to_owned(), figures.files.to_string()],
        vec!["parsed".to_owned(), figures.parsed.to_string()],
        vec!["cached".to_owned(), figures.cached.to_string()],
        vec!["unreadable".to_owned(), figures.unreadable.to_string()],
        vec!["with diagnostics".to_owned(), figures.files_with_diagnostics.to_string()],
        vec!["definitions".to_owned(), figures.definitions.to_string()],
        vec!["references".to_owned(), figures.references.to_string()],
        vec!["tags".to_owned(), figures.tags.to_string()],
        vec!["edges".to_owned(), figures.edges.to_string()],
        vec!["bytes read".to_owned(), figures.bytes_read.to_string()],
        vec!["seconds".to_owned(), format!("{:.3}", figures.seconds)],
    ];
    if let Some(bytes) = figures.peak_memory_bytes {
        rows.push(vec!["peak memory, MiB".to_owned(), (bytes >> 20).to_string()]);
    }
    for (language, files) in &figures.languages {
        rows.push(vec![format!("files in {language}"), files.to_string()]);
    }
    output::table(&["figure", "value"], &[1], &rows)
}
