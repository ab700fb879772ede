//! `astlas symbols`

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use astlas_atlas::source::FILE_LIMIT;
use astlas_json::{SourceLine, Symbol};
use astlas_model::stages::SearchMode;
use clap::Args;

use super::{Format, Global, Usage};
use crate::{files, output, session::Session};

#[derive(Debug, Args)]
#[command(override_usage = "astlas symbols [OPTIONS] [PATH] <QUERY>")]
pub struct Arguments {
    /// Folder (default: the current one), then the name to find: `run`, `Flask.run`
    #[arg(value_name = "[PATH] QUERY", required = true, num_args = 1..=2)]
    words: Vec<PathBuf>,
    /// Find names that hold the letters of QUERY in order, best match first
    #[arg(long, conflicts_with = "prefix")]
    fuzzy: bool,
    /// Find names that begin with QUERY
    #[arg(long)]
    prefix: bool,
    /// Most definitions to print (0: all)
    #[arg(long, value_name = "N", default_value_t = 50, allow_negative_numbers = true)]
    limit: u32,
    /// Lines of source to print before and after each
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true)]
    lines: u32,
    /// How the definitions are printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<()> {
    let (path, query) = match arguments.words.as_slice() {
        [query] => (Path::new("."), query),
        [path, query] => (path.as_path(), query),
        _ => bail!(Usage("give a folder and a name".into())),
    };
    let Some(query) = query.to_str().map(str::trim) else {
        bail!(Usage(format!("{}: the name to find is not UTF-8; no name in the index is like that", query.display())));
    };
    if query.is_empty() {
        bail!(Usage("the name to find is empty; give at least one letter".into()));
    }
    let mode = match (arguments.fuzzy, arguments.prefix) {
        (true, _) => SearchMode::Fuzzy,
        (_, true) => SearchMode::Prefix,
        _ => SearchMode::Exact,
    };
    let session = Session::open(path, global)?;
    let (indexed, tree) = session.index()?;
    let found = pollster::block_on(session.atlas.symbols(&indexed, &tree, query, mode, arguments.limit))?;
    session.warn_cache();
    if found.is_empty() {
        session
            .warner
            .warn(&format!("{query}: no definition found{}", if arguments.fuzzy { "" } else { "; try --fuzzy" }));
    }
    let rows: Vec<Symbol> = found.into_iter().map(|symbol| row(&session.root, symbol, arguments.lines)).collect();
    match arguments.format {
        Format::Json => output::print_json(&rows),
        Format::Table => output::print(&text(&rows)),
    }
}

fn row(root: &Path, symbol: astlas_atlas::symbols::Symbol, around: u32) -> Symbol {
    let (path, line) = (root.join(&symbol.file), symbol.line as usize);
    let lines = if around == 0 { vec![] } else { lines(&path, line, around as usize) };
    Symbol { lines, ..symbol.into() }
}

/// The lines around a zero-based one; none if the file is gone.
fn lines(path: &Path, line: usize, around: usize) -> Vec<SourceLine> {
    let text = files::read(path, FILE_LIMIT).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    SourceLine::around(&text.lines().collect::<Vec<_>>(), line + 1, around)
}

fn text(rows: &[Symbol]) -> String {
    let cells = |row: &Symbol| {
        vec![
            format!("{}:{}", output::plain(&row.file), row.line),
            row.r#type.to_owned(),
            output::plain(&row.name),
            output::plain(&row.signature),
        ]
    };
    if rows.iter().all(|row| row.lines.is_empty()) {
        return output::table(
            &["place", "type", "name", "signature"],
            &[],
            &rows.iter().map(cells).collect::<Vec<_>>(),
        );
    }
    let mut text = String::new();
    for row in rows {
        text += &format!("{}:{}  {}  {}\n", output::plain(&row.file), row.line, row.r#type, output::plain(&row.name));
        for line in &row.lines {
            text += &format!("{:>6}  {}\n", line.line, output::plain(&line.text));
        }
        text += "\n";
    }
    text
}
