//! `astlas tags`

use std::{fs, path::PathBuf};

use anyhow::{Result, anyhow};
use astlas_atlas::{
    outline::depths,
    source::{self, Decoded, FILE_LIMIT},
};
use astlas_json::FileTags;
use astlas_model::{Detector, Tags};
use clap::Args;

use super::{Format, Global, Several, Usage};
use crate::{files, output, session, warner::Warner};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Files to parse
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// How the tags are printed: the outline of definitions, or everything
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<()> {
    let atlas = session::atlas("", global)?;
    let detector = pollster::block_on(atlas.detector())?;
    let (mut names, mut contents, mut failures) = (vec![], vec![], vec![]);
    for file in &arguments.files {
        let name = file.display().to_string();
        match read(&name, file, &detector) {
            Ok(content) => {
                names.push(name);
                contents.push(content);
            }
            Err(failure) => failures.push(failure),
        }
    }
    let parsed: Vec<(String, Tags)> = names.into_iter().zip(source::tags(&atlas.stages, contents)?).collect();
    Warner::new(global).warn_of(&atlas.cache);
    if !parsed.is_empty() {
        match arguments.format {
            Format::Json => {
                output::print_json(&parsed.iter().map(|(name, tags)| FileTags::new(name, tags)).collect::<Vec<_>>())?
            }
            Format::Table => output::print(&parsed.iter().map(|(name, tags)| text(name, tags)).collect::<String>())?,
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(Several(failures).into()) }
}

/// A file's content, with the name of its language.
fn read(name: &str, file: &PathBuf, detector: &Detector) -> Result<(String, Decoded)> {
    let metadata = fs::metadata(file).map_err(|error| Usage(format!("{name}: {error}; give a file that exists")))?;
    if metadata.is_dir() {
        return Err(Usage(format!("{name}: is a folder; give files, or use `astlas index`")).into());
    }
    let bytes = files::read(file, FILE_LIMIT + 1).map_err(|error| anyhow!("{name}: {error}; make it readable"))?;
    let path = name.replace(std::path::MAIN_SEPARATOR, "/");
    let language = source::language(detector, &path, &bytes);
    let language =
        language.ok_or_else(|| Usage(format!("{name}: not a language Astlas knows; `astlas doctor` lists them")))?;
    let decoded = if bytes.len() as u64 > FILE_LIMIT {
        Decoded::Skipped(Box::new(source::too_large(&language.name, metadata.len())))
    } else {
        source::decode(&language.name, bytes)
    };
    Ok((language.name.clone(), decoded))
}

/// The outline: definitions, indented under the scopes around them.
fn text(name: &str, tags: &Tags) -> String {
    let d = &tags.definitions;
    let row = |(index, depth): (usize, u32)| {
        let indented = "  ".repeat(depth as usize) + tags.name(d.name[index]);
        let line = (d.name_line[index] + 1).to_string();
        vec![
            line,
            d.types[index].word().to_owned(),
            output::plain(&indented),
            output::plain(d.signature.get(index).unwrap_or_default().trim()),
        ]
    };
    let rows: Vec<_> = depths(tags).into_iter().enumerate().map(row).collect();
    let mut text = format!(
        "{}: {}, {} lines, {} references\n",
        output::plain(name),
        tags.language,
        tags.lines,
        tags.references.name.len()
    );
    text += &output::table(&["line", "type", "name", "signature"], &[0], &rows);
    for (index, message) in tags.diagnostics.message.iter().enumerate() {
        text +=
            &format!("{}: {}: {}\n", tags.diagnostics.line[index] + 1, tags.diagnostics.types[index].word(), message);
    }
    text + "\n"
}
