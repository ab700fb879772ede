//! What the use cases need from outside. Hosts implement these.

use std::{fmt, future::Future};

use astlas_model::{
    Built, Language, RepositoryGraph, Strings, Tags,
    stages::{
        Communities, Cycles, Entries, FileLines, FileNames, Hit, Neighbour, RankQuery, Ranks, RenderOptions, Rendered,
        SearchMode,
    },
};

/// A source to parse.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Name of a language the parser knows.
    pub language: String,
    /// The whole text.
    pub text: String,
}

/// A stage did not answer: it trapped, ran into a bound, or refused its input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stage {stage}: {message}")]
pub struct StageError {
    /// Name of the stage.
    pub stage: &'static str,
    /// What it said, or how it ended.
    pub message: String,
}

/// The stages, each in its sandbox. Pure: same arguments, same answer.
pub trait Stages {
    /// Changes whenever any stage does: part of the keys of what they computed together.
    fn revision(&self) -> &str;

    /// The languages the parser knows.
    fn languages(&self) -> Result<Vec<Language>, StageError>;

    /// The tags of each source, in order. A source on which the parser fails has tags that say so.
    fn parse(&self, sources: Vec<Source>) -> Result<Vec<Tags>, StageError>;

    /// The graph of these files, sorted by path, and what it can be updated from.
    fn build_graph(&self, paths: &Strings, files: Vec<FileNames>) -> Result<Built, StageError>;

    /// The same after files were removed, and others added or changed.
    fn update_graph(
        &self,
        before: Built,
        removed: &Strings,
        paths: &Strings,
        files: Vec<FileNames>,
    ) -> Result<Built, StageError>;

    /// Files that `file` uses or, reversed, that use it.
    fn neighbours(
        &self,
        graph: &RepositoryGraph,
        file: u32,
        depth: u32,
        reverse: bool,
    ) -> Result<Vec<Neighbour>, StageError>;

    /// Files that are tied to each other more than to the rest.
    fn communities(&self, graph: &RepositoryGraph) -> Result<Communities, StageError>;

    /// Files that use each other, directly or over others.
    fn cycles(&self, graph: &RepositoryGraph) -> Result<Cycles, StageError>;

    /// Scores of files and definitions.
    fn rank(&self, graph: &RepositoryGraph, query: &RankQuery) -> Result<Ranks, StageError>;

    /// The best of `names` for a query.
    fn search(&self, names: &Strings, query: &str, mode: SearchMode, limit: u32) -> Result<Vec<Hit>, StageError>;

    /// Text within a token budget.
    fn render(&self, files: &[FileLines], entries: &Entries, options: RenderOptions) -> Result<Rendered, StageError>;
}

/// Keeps bytes between runs. Losing an entry costs time, never an answer, so nothing here fails.
pub trait Cache {
    /// The values of these keys, in order.
    fn get(&self, keys: &[String]) -> impl Future<Output = Vec<Option<Vec<u8>>>>;

    /// Keeps these values, replacing older ones.
    fn put(&self, entries: Vec<(String, Vec<u8>)>) -> impl Future<Output = ()>;
}

/// A cache that several share, who work at the same time.
pub trait SharedCache: Cache {
    /// Forgets these keys, claims and sets among them.
    fn remove(&self, keys: &[String]) -> impl Future<Output = ()>;

    /// The value of a key; `None`: it is the caller's to make and put within so many milliseconds, others wait for it.
    fn get_or_claim(&self, key: &str, milliseconds: u32) -> impl Future<Output = Option<Vec<u8>>>;

    /// Takes a key for so many milliseconds, unless somebody has.
    fn claim(&self, key: &str, milliseconds: u32) -> impl Future<Output = bool>;

    /// Adds to a set: how many members it has then.
    fn add_member(&self, set: &str, member: &str) -> impl Future<Output = u64>;

    /// How many members a set has.
    fn count_members(&self, set: &str) -> impl Future<Output = u64>;
}

/// What is needed cannot be reached for now. A later try may succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unavailable(pub String);

/// A value, as a listing tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// Its name.
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// When it was written, in seconds since 1970.
    pub updated: u64,
    /// Changes whenever the content does.
    pub digest: String,
}

/// Why an archive was not fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The forge, or where it should go, cannot be reached for now.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// The forge does not have it, or not for us.
    #[error("{0}")]
    Refused(String),
}

/// Keeps large values for good.
pub trait Blobs {
    /// Up to `length` bytes from `offset` on; `None` where there is no such value.
    fn read(&self, name: &str, offset: u64, length: u64) -> impl Future<Output = Result<Option<Vec<u8>>, Unavailable>>;

    /// Keeps a small value, in place of an older one.
    fn write(&self, name: &str, value: Vec<u8>) -> impl Future<Output = Result<(), Unavailable>>;

    /// Begins a value; its parts follow under the name that this returns.
    fn begin(&self, name: &str) -> impl Future<Output = Result<String, Unavailable>>;

    /// The part of the value that begins at `offset`, which is where the one before ended; all but the last are
    /// [`BLOB_PART`] long.
    fn append(&self, upload: &str, offset: u64, part: Vec<u8>) -> impl Future<Output = Result<(), Unavailable>>;

    /// Ends a value of `size` bytes: only now it is there, in place of an older one.
    fn finish(&self, upload: &str, size: u64) -> impl Future<Output = Result<(), Unavailable>>;

    /// Values whose names begin with `prefix` and come after `after`, in order, some of them; none: there are no more.
    fn list(&self, prefix: &str, after: &str) -> impl Future<Output = Result<Vec<Blob>, Unavailable>>;

    /// Deletes values, if they are there.
    fn delete(&self, names: &[String]) -> impl Future<Output = Result<(), Unavailable>>;

    /// Keeps as this value the archive that the forge has of a commit: how many bytes it has.
    fn fetch(&self, name: &str, repository: &str, commit: &str) -> impl Future<Output = Result<u64, FetchError>>;
}

/// How long the parts of a blob are, but for the last one, in bytes.
pub const BLOB_PART: usize = 8 << 20;

/// Whether a body is from whom it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Authentic,
    /// It is not.
    Forged,
    /// Nobody said how to tell.
    Unconfigured,
}

/// Hands work to whoever takes it, at least once each.
pub trait Events {
    /// Hands over messages.
    fn publish(&self, messages: Vec<Vec<u8>>) -> impl Future<Output = Result<(), Unavailable>>;

    /// Whether a body is from the forge, going by what it says in X-Hub-Signature-256.
    fn verify(&self, signature: &str, body: &[u8]) -> impl Future<Output = Verdict>;
}

/// Tells the time.
pub trait Clock {
    /// Microseconds since some moment that stays the same. Never descends.
    fn microseconds(&self) -> u64;

    /// Seconds since 1970.
    fn now(&self) -> u64;
}

/// How much something in the log matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named like the levels")]
pub enum Severity {
    Debug,
    Info,
    Warning,
    Error,
}

/// Says things to whoever runs this.
pub trait Log {
    /// Says something; no source, no secret.
    fn log(&self, severity: Severity, message: &str, fields: &[(&str, &str)]);
}

/// How a file looked without being read: if nothing of it changed, nor has the content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Stamp {
    /// In bytes.
    pub size: u64,
    /// Time of the last change of the content, in nanoseconds since 1970.
    pub modified: i64,
    /// Time of the last change of anything, where the system keeps one; else 0.
    pub changed: i64,
}

impl Stamp {
    /// The stamp of a file of this size. `told` tells its content: by what, says `by`, so that files that are told by
    /// different things never look alike.
    pub fn of(size: u64, by: &str, told: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(by.as_bytes()).update(&[0]).update(told);
        let hash = hasher.finalize();
        let part = |from: usize| {
            let bytes = hash.as_bytes().iter().skip(from).take(8);
            // Below zero, which is before any listing.
            bytes.fold(0u64, |number, &byte| number << 8 | u64::from(byte)) as i64 | i64::MIN
        };
        Self { size, modified: part(0), changed: part(8) }
    }
}

/// A file of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeFile {
    /// Relative to the tree's root, `/` between parts.
    pub path: String,
    /// How it looks.
    pub stamp: Stamp,
}

/// A file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError(pub String);

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The tree that is indexed.
pub trait Files {
    /// The moment the listing was taken, in nanoseconds since 1970: files changed just before it may change again
    /// without looking different.
    fn listed_at(&self) -> i64;

    /// Sees to it that `entries` can be asked.
    fn ready(&self) -> impl Future<Output = ()> {
        std::future::ready(())
    }

    /// All files, sorted by path, each once.
    fn entries(&self) -> &[TreeFile];

    /// Up to `limit` bytes from the file's start.
    fn read(&self, path: &str, limit: u64) -> impl Future<Output = Result<Vec<u8>, ReadError>>;

    /// Why something could not be read that may well be there, if so: what was made without it is not to be believed.
    fn failure(&self) -> Option<Unavailable> {
        None
    }
}

/// Told how far long work has come.
pub trait Progress {
    /// So many of so many files are done.
    fn files(&self, done: usize, total: usize);
}

/// Nobody is told.
impl Progress for () {
    fn files(&self, _done: usize, _total: usize) {}
}
