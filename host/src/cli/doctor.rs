//! `astlas doctor`

use anyhow::{Result, ensure};
use astlas_atlas::ports::{Source, Stages};
use clap::Args;
use serde::Serialize;

use super::{Format, Global};
use crate::{artifacts::artifacts, output, place::cache_folder, session, warner::Warner};

#[derive(Debug, Args)]
pub struct Arguments {
    /// How the answers are printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

#[derive(Serialize)]
struct Answers {
    version: &'static str,
    cache: String,
    cores: usize,
    components: Vec<Component>,
    parser_works: bool,
    languages: Vec<Language>,
}

#[derive(Serialize)]
struct Component {
    name: &'static str,
    digest: &'static str,
}

#[derive(Serialize)]
struct Language {
    name: String,
    files: Vec<String>,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<()> {
    let atlas = session::atlas("", global)?;
    let source = Source { language: "python".into(), text: "def answer(): pass\n".into() };
    let parsed = atlas.stages.parse(vec![source])?;
    let parser_works = parsed.first().is_some_and(|tags| tags.names.iter().eq(["answer"]));
    let cache = match (global.no_cache, cache_folder(global)) {
        (true, _) => "none: --no-cache".to_owned(),
        (false, Ok(folder)) => folder.display().to_string(),
        (false, Err(error)) => format!("none: {error}"),
    };
    let language = |language: astlas_model::Language| Language {
        files: language.extensions.iter().map(|ending| format!("*.{ending}")).chain(language.file_names).collect(),
        name: language.name,
    };
    let answers = Answers {
        version: env!("CARGO_PKG_VERSION"),
        cache,
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        components: artifacts().all().map(|artifact| Component { name: artifact.name, digest: artifact.digest }).into(),
        parser_works,
        languages: atlas.stages.languages()?.into_iter().map(language).collect(),
    };
    Warner::new(global).warn_of(&atlas.cache);
    match arguments.format {
        Format::Json => output::print_json(&answers)?,
        Format::Table => output::print(&text(&answers))?,
    }
    ensure!(
        parser_works,
        "the parser component does not find a function in `def answer(): pass`; install Astlas again"
    );
    Ok(())
}

fn text(answers: &Answers) -> String {
    let mut rows = vec![
        vec!["version".to_owned(), answers.version.to_owned()],
        vec!["cache".to_owned(), answers.cache.clone()],
        vec!["cores".to_owned(), answers.cores.to_string()],
        vec!["parser works".to_owned(), if answers.parser_works { "yes" } else { "no" }.to_owned()],
    ];
    for component in &answers.components {
        rows.push(vec![format!("component {}", component.name), component.digest.to_owned()]);
    }
    for language in &answers.languages {
        rows.push(vec![format!("language {}", language.name), language.files.join(" ")]);
    }
    output::table(&["what", "value"], &[], &rows)
}
