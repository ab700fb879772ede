//! `astlas tags`

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use astlas_atlas::{
    outline::depths,
    ports::{Source, Stages},
    source::{self, Decoded, FILE_LIMIT},
};
use astlas_model::Tags;
use clap::Args;
use serde::Serialize;

use super::{Format, Global, Usage};
use crate::{files, output, session::Session};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Files to parse
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// How the tags are printed: the outline of definitions, or everything
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

/// A file's tags as JSON. Lines are one-based, bytes zero-based; ends are inclusive for lines, exclusive for bytes.
#[derive(Serialize)]
struct JsonFile<'a> {
    file: String,
    language: &'a str,
    lines: u32,
    tags: Vec<JsonTag<'a>>,
    imports: Vec<JsonImport<'a>>,
    exports: Vec<JsonExport<'a>>,
    diagnostics: Vec<JsonDiagnostic<'a>>,
}

#[derive(Serialize)]
struct JsonTag<'a> {
    name: &'a str,
    kind: &'static str,
    r#type: &'static str,
    start_line: u32,
    end_line: u32,
    start_byte: u32,
    end_byte: u32,
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    doc: &'a str,
}

#[derive(Serialize)]
struct JsonImport<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct JsonExport<'a> {
    name: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    r#type: &'static str,
    line: u32,
    message: &'a str,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<()> {
    let session = Session::open(&PathBuf::from("."), global)?;
    let detector = pollster::block_on(session.atlas.detector())?;
    let mut parsed = vec![];
    for file in &arguments.files {
        let name = file.display().to_string();
        let metadata = std::fs::metadata(file).map_err(|error| Usage(format!("{name}: {error}")))?;
        if metadata.is_dir() {
            return Err(Usage(format!("{name}: is a folder; give files, or use `astlas index`")).into());
        }
        let bytes = files::read(file, FILE_LIMIT + 1).map_err(|error| anyhow!("{name}: {error}"))?;
        let path = name.replace(std::path::MAIN_SEPARATOR, "/");
        let first_line =
            String::from_utf8_lossy(bytes.split(|&byte| byte == b'\n').next().unwrap_or_default()).into_owned();
        let language = detector.by_path(&path).or_else(|| detector.by_first_line(first_line.trim_end()));
        let Some(language) = language else {
            return Err(Usage(format!("{name}: not a language Astlas knows; `astlas doctor` lists them")).into());
        };
        let tags = if metadata.len() > FILE_LIMIT {
            source::too_large(&language.name, metadata.len())
        } else {
            match source::decode(&language.name, bytes) {
                Decoded::Skipped(tags) => *tags,
                Decoded::Text { text, lossy } => {
                    let source = Source { language: language.name.clone(), text };
                    let mut tags = session.atlas.stages.parse(vec![source])?.pop().unwrap_or_default();
                    if lossy {
                        source::note_lossy(&mut tags);
                    }
                    tags
                }
            }
        };
        parsed.push((name, tags));
    }
    session.warn_cache();
    match arguments.format {
        Format::Json => output::print_json(&parsed.iter().map(|(name, tags)| json(name, tags)).collect::<Vec<_>>()),
        Format::Table => output::print(&parsed.iter().map(|(name, tags)| text(name, tags)).collect::<String>()),
    }
}

fn scope(tags: &Tags, scope: u32) -> Option<String> {
    scope.checked_sub(1).map(|index| tags.qualified_name(index as usize))
}

fn json<'a>(name: &str, tags: &'a Tags) -> JsonFile<'a> {
    let (d, r) = (&tags.definitions, &tags.references);
    let definition = |index: usize| JsonTag {
        name: tags.name(d.name[index]),
        kind: "def",
        r#type: d.types[index].word(),
        start_line: d.start_line[index] + 1,
        end_line: d.end_line[index] + 1,
        start_byte: d.start_byte[index],
        end_byte: d.end_byte[index],
        scope: scope(tags, d.scope[index]),
        signature: d.signature.get(index),
        doc: d.doc.get(index).unwrap_or_default(),
    };
    let reference = |index: usize| JsonTag {
        name: tags.name(r.name[index]),
        kind: "ref",
        r#type: r.types[index].word(),
        start_line: r.line[index] + 1,
        end_line: r.line[index] + 1,
        start_byte: r.start_byte[index],
        end_byte: r.end_byte[index],
        scope: scope(tags, r.scope[index]),
        signature: None,
        doc: "",
    };
    let mut all: Vec<_> = (0..d.name.len()).map(definition).chain((0..r.name.len()).map(reference)).collect();
    all.sort_by_key(|tag| tag.start_byte);
    let imports = tags.imports.path.iter().zip(tags.imports.name.iter()).zip(&tags.imports.line);
    let exports = tags.exports.name.iter().zip(&tags.exports.line);
    let g = &tags.diagnostics;
    let diagnostics = g.types.iter().zip(&g.line).zip(g.message.iter());
    JsonFile {
        file: name.to_owned(),
        language: &tags.language,
        lines: tags.lines,
        tags: all,
        imports: imports.map(|((path, name), line)| JsonImport { path, name, line: line + 1 }).collect(),
        exports: exports.map(|(&name, line)| JsonExport { name: tags.name(name), line: line + 1 }).collect(),
        diagnostics: diagnostics
            .map(|((kind, line), message)| JsonDiagnostic { r#type: kind.word(), line: line + 1, message })
            .collect(),
    }
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
