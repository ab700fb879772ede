//! The names under which values are kept. Each holds all that the value was made from, so that nothing under it can be
//! stale. Hosts put the tenant in front.

use std::time::Duration;

use astlas_model::{Language, stored::FORMAT};
use serde::{Deserialize, Serialize};

/// What the names of blobs begin with: indexes, archives and sources, all with the same rest for one commit, but that those
/// of indexes and sources end in a token.
pub const INDEXES: &str = "indexes/";
/// See [`INDEXES`].
pub const ARCHIVES: &str = "archives/";
/// See [`INDEXES`].
pub const SOURCES: &str = "sources/";
/// What the names of jobs begin with.
pub const JOBS: &str = "jobs/";
/// What the names of pins begin with.
pub const PINS: &str = "pins/";

/// How the names end of what makes an index void.
const VOID: &str = "-void";

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Tags of a content.
pub fn tags(language: &Language, content: &[u8; 32]) -> String {
    format!("ast:{FORMAT}:{}-{}:{}", language.name, language.revision, hex(content))
}

/// The name of the language in a key of tags.
pub fn tags_language(key: &str) -> &str {
    key.split(':').nth(2).and_then(|part| part.rsplit_once('-')).map_or("", |(language, _)| language)
}

/// Whether a key of tags is one of this content.
pub fn tags_are_of(key: &str, content: &[u8; 32]) -> bool {
    key.rsplit(':').next() == Some(hex(content).as_str())
}

/// What was last seen of a repository's files, by a parser of these languages: other languages find other files.
pub fn manifest(repository: &str, languages: &[Language]) -> String {
    format!("merkle:{repository}:{FORMAT}:{}", digest(&languages))
}

/// Which state of a repository a commit is.
pub fn commit(repository: &str, commit: &str) -> String {
    format!("commit:{repository}:{commit}")
}

/// The graph of a repository in one state.
pub fn graph(repository: &str, tree: &str) -> String {
    format!("graph:{repository}:{tree}")
}

/// What a repository's graph in one state can be updated from, beside itself.
pub fn ledger(repository: &str, tree: &str) -> String {
    format!("ledger:{repository}:{tree}")
}

/// The symbols of a repository in one state.
pub fn symbols(repository: &str, tree: &str) -> String {
    format!("symbols:{repository}:{tree}")
}

/// What changed together up to a newest commit.
pub fn history(repository: &str, newest: &str) -> String {
    format!("history:{repository}:{FORMAT}:{newest}")
}

/// The ranks of a repository in one state, for one request.
pub fn ranks(repository: &str, tree: &str, request: &impl serde::Serialize) -> String {
    format!("rank:{repository}:{tree}:{}", digest(request))
}

/// The map of a repository in one state, for one request.
pub fn map(repository: &str, tree: &str, request: &impl serde::Serialize) -> String {
    format!("map:{repository}:{tree}:{}", digest(request))
}

/// An answer of the service: by the operation and the body it was asked with.
pub fn answer(repository: &str, tree: &str, operation: &str, body: &[u8]) -> String {
    format!("answer:{repository}:{tree}:{operation}:{}", hex(&blake3::hash(body).as_bytes()[..16]))
}

/// The blob that holds all of a commit's index, as it was made under a token.
pub fn index_blob(repository: &str, commit: &str, token: &str) -> String {
    format!("{}{token}", indexes_of(repository, commit))
}

/// The blob that says that no index of a commit counts which is made under a token.
pub fn void_blob(repository: &str, commit: &str, token: &str) -> String {
    format!("{}{VOID}", index_blob(repository, commit, token))
}

/// What the names of a commit's indexes begin with. No name of a commit holds what divides it from the token.
pub fn indexes_of(repository: &str, commit: &str) -> String {
    format!("{}{commit}@", index_blobs(repository))
}

/// What the names of the indexes of a repository begin with; of an empty one, those of all.
pub fn index_blobs(repository: &str) -> String {
    match repository {
        "" => INDEXES.into(),
        _ => format!("{INDEXES}{}/", one_part(repository)),
    }
}

/// What the name of an index's blob says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexName<'a> {
    /// The repository.
    pub repository: String,
    /// The commit.
    pub commit: &'a str,
    /// The token that it was made under.
    pub token: &'a str,
    /// Whether it is no index, but says that none counts.
    pub is_void: bool,
}

/// What the name of an index's blob says, if it is one.
pub fn indexed_in(blob: &str) -> Option<IndexName<'_>> {
    let (repository, rest) = blob.strip_prefix(INDEXES)?.split_once('/')?;
    let (commit, token) = rest.split_once('@')?;
    let (token, is_void) = token.strip_suffix(VOID).map_or((token, false), |token| (token, true));
    Some(IndexName { repository: repository.replace("%2F", "/"), commit, token, is_void })
}

/// The blob that says that a repository is pinned.
pub fn pin_blob(repository: &str) -> String {
    format!("{PINS}{}", one_part(repository))
}

/// Where the sources of a commit are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sources {
    /// Nowhere any more.
    #[default]
    Gone,
    /// Side by side in one blob.
    Pack,
    /// Each a blob of its own.
    Tree,
    /// In an archive that any part of can be read of by itself.
    Archive,
}

/// Where the sources of a commit are that were brought there under a token.
pub fn sources_blob(repository: &str, commit: &str, sources: Sources, token: &str) -> String {
    match sources {
        Sources::Gone => String::new(),
        Sources::Pack | Sources::Archive => format!("{}{token}", sources_of(repository, commit)),
        Sources::Tree => commit_folder(repository, commit),
    }
}

/// What the names of a commit's sources begin with.
pub fn sources_of(repository: &str, commit: &str) -> String {
    format!("{SOURCES}{}/{commit}@", one_part(repository))
}

/// The archive of a commit that came in over HTTP. No name of a repository leads into another's.
pub fn archive_blob(repository: &str, commit: &str) -> String {
    format!("{ARCHIVES}{}/{commit}", one_part(repository))
}

/// What the names of the archives of a repository begin with that came in.
pub fn archive_blobs(repository: &str) -> String {
    format!("{ARCHIVES}{}/", one_part(repository))
}

/// Where others put the files of a commit, or an archive of them.
pub fn commit_folder(repository: &str, commit: &str) -> String {
    format!("repos/{repository}/{commit}/")
}

/// A repository's name as one part of a path, so that no name begins another one.
fn one_part(repository: &str) -> String {
    repository.replace('/', "%2F")
}

/// The languages of one build of the parser.
pub fn languages(revision: &str) -> String {
    format!("languages:{FORMAT}:{revision}")
}

/// How long a value is kept after it was written, by the kind its key names. None goes stale: each is named by what it
/// was made from or, what was seen of a tree, compared with it. But once a tree has changed, what was made of it before
/// is hardly asked for again. Tags are shared by all trees, so they stay until the size limit pushes out what was not
/// used for longest.
pub fn lifetime(key: &str) -> Option<Duration> {
    let kind = key.split(':').next().unwrap_or_default();
    match kind {
        "languages" | "history" => Some(7 * DAY),
        "graph" | "ledger" | "symbols" | "rank" => Some(DAY),
        "map" | "answer" => Some(HOUR),
        "delivery" | "progress" | "free" => Some(DAY),
        "merkle" | "commit" => Some(30 * DAY),
        _ => None,
    }
}

fn digest(value: &impl serde::Serialize) -> String {
    hex(&blake3::hash(&astlas_model::stored::encode(value)).as_bytes()[..16])
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_tags_tells_language_and_content() {
        let language = Language { name: "c-sharp".into(), revision: "0f".into(), ..Language::default() };
        let key = tags(&language, &[0xab; 32]);
        assert_eq!(tags_language(&key), "c-sharp");
        assert!(tags_are_of(&key, &[0xab; 32]) && !tags_are_of(&key, &[0xac; 32]));
        assert_eq!(tags_language(""), "");
        assert!(!tags_are_of("", &[0; 32]));
    }

    #[test]
    fn the_name_of_an_index_tells_what_it_is_of() {
        let name = IndexName { repository: "acme/app".into(), commit: "c1", token: "01.f", is_void: false };
        assert_eq!(indexed_in(&index_blob("acme/app", "c1", "01.f")), Some(name.clone()));
        assert_eq!(indexed_in(&void_blob("acme/app", "c1", "01.f")), Some(IndexName { is_void: true, ..name }));
        assert_eq!(indexed_in("indexes/acme%2Fapp/c1"), None);
        assert!(!index_blob("acme/app", "c10", "01.f").starts_with(&indexes_of("acme/app", "c1")));
    }
}
