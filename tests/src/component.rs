//! What a finished component says of itself, without compiling it.

use std::{collections::BTreeSet, fs, path::Path};

use wasmparser::{Parser, Payload};

/// The components that are shipped by themselves.
pub const COMPONENTS: [&str; 12] = [
    "graph",
    "ingest",
    "parser",
    "pipeline",
    "query",
    "ranker",
    "repomap",
    "spin-blobs-gcs",
    "spin-cache-redis",
    "spin-events-pubsub",
    "spin-telemetry-log",
    "symbols",
];

/// Names of what a component imports and exports, and the components that it is composed of.
#[derive(Debug, Default)]
pub struct Component {
    /// Names of interfaces.
    pub imports: BTreeSet<String>,
    /// The same.
    pub exports: BTreeSet<String>,
    /// Their bytes, in order.
    pub components: Vec<Vec<u8>>,
}

impl Component {
    /// Reads one.
    pub fn read(file: &Path) -> Self {
        let bytes = fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let (mut component, mut depth) = (Self::default(), 0);
        for payload in Parser::new(0).parse_all(&bytes) {
            match payload.unwrap() {
                Payload::ModuleSection { .. } => depth += 1,
                Payload::ComponentSection { unchecked_range, .. } => {
                    if depth == 0 {
                        let (start, end) = (unchecked_range.start as usize, unchecked_range.end as usize);
                        component.components.push(bytes[start..end].to_vec());
                    }
                    depth += 1;
                }
                Payload::End(_) if depth > 0 => depth -= 1,
                Payload::ComponentImportSection(section) if depth == 0 => {
                    component.imports.extend(section.into_iter().map(|import| import.unwrap().name.name.to_owned()));
                }
                Payload::ComponentExportSection(section) if depth == 0 => {
                    component.exports.extend(section.into_iter().map(|export| export.unwrap().name.name.to_owned()));
                }
                _ => {}
            }
        }
        component
    }
}
