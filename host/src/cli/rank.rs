//! `astlas rank`

use std::path::PathBuf;

use anyhow::Result;
use astlas_atlas::rank::{Explained, RankedSymbol};
use astlas_json::{RankedFile, limited};
use astlas_model::stages::Strategy;
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{Format, Global, Usage, change::ChangeArguments};
use crate::{output, session::Session};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder whose files are ranked
    #[arg(default_value = ".")]
    path: PathBuf,
    #[command(flatten)]
    change: ChangeArguments,
    /// What is measured
    #[arg(long, value_name = "NAME", default_value = "pagerank")]
    strategy: StrategyName,
    /// Rank definitions instead of files
    #[arg(long)]
    symbols: bool,
    /// Show what puts this file where it is: each signal, its value and what it adds; repeatable
    #[arg(long, value_name = "FILE", conflicts_with = "symbols")]
    explain: Vec<PathBuf>,
    /// Most files or definitions to print (0: all)
    #[arg(long, value_name = "N", default_value_t = 20, allow_negative_numbers = true)]
    limit: u32,
    /// How the ranks are printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum StrategyName {
    /// What the profile ranks by
    Pagerank,
    /// How much of the shortest ways between files leads over each
    Betweenness,
    /// Weighted degree
    Degree,
}

/// A ranked definition. The line is one-based.
#[derive(Serialize)]
struct SymbolRow<'a> {
    file: &'a str,
    name: &'a str,
    r#type: &'static str,
    line: u32,
    signature: &'a str,
    score: f64,
}

/// Why a file is where it is. `place` is one-based; a context file has none.
#[derive(Serialize)]
struct ExplainedRow<'a> {
    file: &'a str,
    place: Option<usize>,
    score: f64,
    signals: Vec<SignalRow>,
}

#[derive(Serialize)]
struct SignalRow {
    signal: &'static str,
    value: f64,
    amount: f64,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<()> {
    let session = Session::open(&arguments.path, global)?;
    let (indexed, tree) = session.index()?;
    let mut context = arguments.change.context(&session, &indexed);
    context.strategy = match arguments.strategy {
        StrategyName::Pagerank => Strategy::Pagerank,
        StrategyName::Betweenness => Strategy::Betweenness,
        StrategyName::Degree => Strategy::Degree,
    };
    context.explain = session.relative(&arguments.explain)?;
    if let Some(file) = context.explain.iter().find(|file| indexed.file(file).is_none()) {
        return Err(
            Usage(format!("{file}: not a source file of this folder; give one that `astlas rank` lists")).into()
        );
    }
    let atlas = &session.atlas;
    let limit = arguments.limit as usize;
    let text = if arguments.symbols {
        let symbols = pollster::block_on(atlas.ranked_symbols(&indexed, &tree, &context, limit))?;
        symbols_text(&symbols, arguments.format)?
    } else if !arguments.explain.is_empty() {
        explained_text(&pollster::block_on(atlas.explained(&indexed, &context))?, arguments.format)?
    } else {
        let ranked = pollster::block_on(atlas.ranked_files(&indexed, &context))?;
        let rows: Vec<_> = limited(ranked, arguments.limit).map(RankedFile::from).collect();
        files_text(&rows, arguments.format)?
    };
    session.warn_cache();
    output::print(&text)
}

fn files_text(rows: &[RankedFile], format: Format) -> Result<String> {
    match format {
        Format::Json => output::json(&rows),
        Format::Table => {
            let rows: Vec<_> = rows.iter().map(|row| vec![score(row.score), output::plain(&row.file)]).collect();
            Ok(output::table(&["score", "file"], &[0], &rows))
        }
    }
}

fn symbols_text(symbols: &[RankedSymbol], format: Format) -> Result<String> {
    match format {
        Format::Json => {
            let rows = symbols.iter().map(|symbol| SymbolRow {
                file: &symbol.file,
                name: &symbol.name,
                r#type: symbol.kind.word(),
                line: symbol.line + 1,
                signature: &symbol.signature,
                score: symbol.score,
            });
            output::json(&rows.collect::<Vec<_>>())
        }
        Format::Table => {
            let row = |symbol: &RankedSymbol| {
                let place = format!("{}:{}", output::plain(&symbol.file), symbol.line + 1);
                vec![score(symbol.score), symbol.kind.word().to_owned(), output::plain(&symbol.name), place]
            };
            let rows: Vec<_> = symbols.iter().map(row).collect();
            Ok(output::table(&["score", "type", "name", "place"], &[0], &rows))
        }
    }
}

fn explained_text(explained: &[Explained], format: Format) -> Result<String> {
    let signals = |of: &Explained| -> Vec<SignalRow> {
        let signal = |one: &astlas_model::stages::Contribution| SignalRow {
            signal: one.signal.word(),
            value: one.value,
            amount: one.amount,
        };
        of.contributions.iter().map(signal).collect()
    };
    if let Format::Json = format {
        let rows = explained.iter().map(|of| ExplainedRow {
            file: &of.file,
            place: of.place,
            score: of.score,
            signals: signals(of),
        });
        return output::json(&rows.collect::<Vec<_>>());
    }
    let mut text = String::new();
    for of in explained {
        let place = of.place.map_or_else(|| "in the context".to_owned(), |place| format!("place {place}"));
        text += &format!("{}: {place}, score {}\n", output::plain(&of.file), score(of.score));
        let rows: Vec<_> = signals(of)
            .into_iter()
            .map(|row| vec![format!("{:+.3}", row.amount), format!("{:.3}", row.value), row.signal.to_owned()])
            .collect();
        text += &match rows.is_empty() {
            true => "nothing to explain: only the default profile has signals\n".to_owned(),
            false => output::table(&["amount", "value", "signal"], &[0, 1], &rows),
        };
    }
    Ok(text)
}

fn score(score: f64) -> String {
    format!("{score:.6}")
}
