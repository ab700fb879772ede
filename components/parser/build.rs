//! Turns the folders of `queries/` into the table `languages.rs`: language knowledge is data, this is its only reader.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fmt::{self, Write as _},
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
    /// Shared by languages whose files use each other; without it a language is its own family.
    #[serde(default)]
    family: Option<String>,
    /// Other languages whose files are called the same.
    #[serde(default)]
    alternatives: Vec<Alternative>,
    /// Its files are read, not run: their query finds sections, and neither other definitions nor references.
    #[serde(default)]
    document: bool,
}

/// A language that a file is in if one of its lines begins with one of `lines`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Alternative {
    language: String,
    lines: Vec<String>,
}

/// A folder of `queries/` as read.
struct Folder {
    manifest: Manifest,
    query: String,
    /// Hash of all that is its own.
    hash: String,
}

/// What `Cargo.lock` says of a package.
#[derive(serde::Deserialize)]
struct Package {
    name: String,
    version: String,
    /// A package from elsewhere than a registry has none.
    checksum: Option<String>,
}

/// `Cargo.lock`.
#[derive(serde::Deserialize)]
struct Lock {
    package: Vec<Package>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let crate_folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let queries = crate_folder.join("../../queries");
    let (sources, lock) = (crate_folder.join("src"), crate_folder.join("../../Cargo.lock"));
    for input in [&queries, &sources, &lock, &crate_folder.join("build.rs")] {
        println!("cargo::rerun-if-changed={}", input.display());
    }
    let extractor = extractor(&sources)?;
    let lock: Lock = toml::from_str(&read(&lock)?).map_err(|error| format!("{}: {error}", lock.display()))?;
    let mut folders: Vec<PathBuf> = fs::read_dir(&queries)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();

    let (mut languages, mut claimed) = (BTreeMap::new(), BTreeSet::new());
    for folder in folders {
        let name = folder.file_name().and_then(|name| name.to_str()).ok_or("folder name is not UTF-8")?.to_owned();
        let file = folder.join("language.toml");
        let text = read(&file)?;
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
                query += &read(&file)?;
            }
        }
        let hash = hash(&[extractor.as_str(), &text, &query, &versions(&lock, &manifest.grammar)?]);
        languages.insert(name, Folder { manifest, query, hash });
    }

    let mut table = String::from("pub const LANGUAGES: &[Language] = &[\n");
    for (name, folder) in &languages {
        let Folder { manifest, query, hash: own } = folder;
        // The tags of a file depend on every language that it may turn out to be in or to hold.
        let mut parts = vec![own.as_str()];
        let mut also: Vec<&str> = manifest.alternatives.iter().map(|other| other.language.as_str()).collect();
        also.extend(injected(query));
        for other in also {
            let unknown = || format!("queries/{name}: there is no folder queries/{other}");
            parts.push(&languages.get(other).ok_or_else(unknown)?.hash);
        }
        let alternatives: Vec<_> =
            manifest.alternatives.iter().map(|other| (&other.language, Slice(&other.lines))).collect();
        writeln!(
            table,
            "    Language {{ name: {name:?}, grammar: {}, query: {query:?}, extensions: &{:?}, file_names: &{:?}, \
             interpreters: &{:?}, family: {:?}, alternatives: &{alternatives:?}, document: {}, revision: {:?} }},",
            manifest.grammar,
            manifest.extensions,
            manifest.file_names,
            manifest.interpreters,
            manifest.family.as_ref().unwrap_or(name),
            manifest.document,
            &hash(&parts)[..12],
        )?;
    }
    table += "];\n";
    fs::write(Path::new(&env::var("OUT_DIR")?).join("languages.rs"), table)?;
    Ok(())
}

/// Strings as they are written in a constant.
struct Slice<'a>(&'a [String]);

impl fmt::Debug for Slice<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "&{:?}", self.0)
    }
}

/// Names of the languages whose code a query finds in files of its own.
fn injected(query: &str) -> impl Iterator<Item = &str> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    query.split("@injection.").skip(1).filter_map(move |rest| rest.split(|letter| !is_part(letter)).next())
}

/// The hash of all that makes tags of what a query captures: any change to it may change the tags of any file.
fn extractor(sources: &Path) -> Result<String, Box<dyn Error>> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(sources)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.sort();
    let mut texts = vec![include_str!("build.rs").to_owned()];
    for file in files {
        texts.push(read(&file)?);
    }
    Ok(hash(&texts))
}

/// Versions of the library and of a grammar, which is named by its Rust path.
fn versions(lock: &Lock, grammar: &str) -> Result<String, Box<dyn Error>> {
    let grammar = grammar.split("::").next().unwrap_or_default().replace('_', "-");
    let mut versions = String::new();
    for name in ["tree-sitter", &grammar] {
        let packages: Vec<_> = lock.package.iter().filter(|package| package.name == name).collect();
        if packages.is_empty() {
            return Err(format!("Cargo.lock: no package {name}").into());
        }
        for Package { version, checksum, .. } in packages {
            writeln!(versions, "{name} {version} {}", checksum.as_deref().unwrap_or_default())?;
        }
    }
    Ok(versions)
}

/// One hash of several texts: moving a letter from one to the next changes it.
fn hash(texts: &[impl AsRef<str>]) -> String {
    let mut hasher = blake3::Hasher::new();
    for text in texts {
        let text = text.as_ref().as_bytes();
        hasher.update(&(text.len() as u64).to_le_bytes()).update(text);
    }
    hasher.finalize().to_hex().to_string()
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}
