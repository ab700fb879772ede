//! Turns the folders of `queries/` into the table `languages.rs`: language knowledge is data, this is its only reader.

use std::{
    collections::BTreeSet,
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// `queries/<name>/language.toml`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Manifest {
    /// Rust path of the grammar: `tree_sitter_python::LANGUAGE`.
    grammar: String,
    /// Folder whose tags.scm comes before this one's: a dialect needs only what differs.
    #[serde(default)]
    extends: Option<String>,
    #[serde(default)]
    extensions: Vec<String>,
    #[serde(default)]
    file_names: Vec<String>,
    #[serde(default)]
    interpreters: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let queries = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../queries");
    println!("cargo::rerun-if-changed={}", queries.display());
    let mut folders: Vec<PathBuf> = fs::read_dir(&queries)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();

    let (mut table, mut claimed) = (String::from("pub const LANGUAGES: &[Language] = &[\n"), BTreeSet::new());
    for folder in folders {
        let name = folder.file_name().and_then(|name| name.to_str()).ok_or("folder name is not UTF-8")?.to_owned();
        let file = folder.join("language.toml");
        let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let manifest: Manifest = toml::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
        let marks = [&manifest.extensions, &manifest.file_names, &manifest.interpreters];
        for (kind, mark) in
            marks.iter().enumerate().flat_map(|(kind, marks)| marks.iter().map(move |mark| (kind, mark.clone())))
        {
            if !claimed.insert((kind, mark.clone())) {
                return Err(format!("{}: {mark} is claimed by another language already", file.display()).into());
            }
        }

        let mut query = String::new();
        for folder in manifest.extends.iter().map(|base| queries.join(base)).chain([folder.clone()]) {
            let file = folder.join("tags.scm");
            // A dialect need not add anything to the query it extends.
            if file.exists() || manifest.extends.is_none() {
                query += &fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            }
        }
        let revision = blake3::hash(query.as_bytes()).to_hex()[..12].to_owned();
        writeln!(
            table,
            "    Language {{ name: {name:?}, grammar: {}, query: {query:?}, extensions: &{:?}, file_names: &{:?}, interpreters: &{:?}, revision: {revision:?} }},",
            manifest.grammar, manifest.extensions, manifest.file_names, manifest.interpreters,
        )?;
    }
    table += "];\n";
    fs::write(Path::new(&env::var("OUT_DIR")?).join("languages.rs"), table)?;
    Ok(())
}
