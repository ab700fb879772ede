//! What the functions reach, in memory.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    future::poll_fn,
    rc::Rc,
    task::Poll,
};

use astlas_atlas::{
    memory::MemoryCache,
    ports::{
        BLOB_PART, Blob, Blobs, Cache, Clock, Events, FetchError, Log, Severity, SharedCache, Source, StageError,
        Stages, Unavailable, Verdict,
    },
};
use astlas_model::{
    Built, Language, RepositoryGraph, Strings, Tags,
    stages::{
        Communities, Cycles, Entries, FileLines, FileNames, Hit, Neighbour, RankQuery, Ranks, RenderOptions, Rendered,
        SearchMode,
    },
};

use crate::native::Native;

/// All ports of both functions, as one caller has them.
#[derive(Clone, Default)]
pub struct Ports(Rc<Inner>, Rc<Steps>);

/// How far a caller has come: each call of a port that may wait is a step.
#[derive(Default)]
struct Steps {
    taken: Cell<usize>,
    /// How many steps may be taken before the caller stands still.
    limit: Cell<Option<usize>>,
}

#[derive(Default)]
struct Inner {
    cache: MemoryCache,
    /// With the time when each was written.
    blobs: RefCell<BTreeMap<String, (Vec<u8>, u64)>>,
    /// What came of each, and the name of its value.
    uploads: RefCell<BTreeMap<String, (String, Vec<u8>)>>,
    begun: Cell<u64>,
    queue: RefCell<Vec<Vec<u8>>>,
    now: Cell<u64>,
    /// Seconds that went by because a test said so.
    later: Cell<u64>,
    is_down: Cell<bool>,
    is_closed: Cell<bool>,
    claims: RefCell<BTreeSet<String>>,
    sets: RefCell<BTreeMap<String, BTreeSet<String>>>,
    forge: RefCell<BTreeMap<String, Vec<u8>>>,
    log: RefCell<Vec<String>>,
    forgets: Cell<bool>,
    reads: RefCell<BTreeSet<String>>,
}

impl Ports {
    /// The same as another caller has them, who stands still after so many steps.
    pub fn standing_still_after(&self, steps: usize) -> Self {
        Self(self.0.clone(), Rc::new(Steps { taken: Cell::new(0), limit: Cell::new(Some(steps)) }))
    }

    /// Lets the caller go on to this step.
    pub fn allow(&self, steps: usize) {
        self.1.limit.set(Some(steps));
    }

    /// Lets the caller go on.
    pub fn go_on(&self) {
        self.1.limit.set(None);
    }

    /// How many steps the caller has taken.
    pub fn steps(&self) -> usize {
        self.1.taken.get()
    }

    /// Before every call of a port.
    async fn step(&self) {
        poll_fn(|_| match self.1.limit.get() {
            Some(limit) if self.1.taken.get() >= limit => Poll::Pending,
            _ => Poll::Ready(()),
        })
        .await;
        self.1.taken.set(self.1.taken.get() + 1);
    }

    /// Messages that were published since this was last asked.
    pub fn published(&self) -> Vec<Vec<u8>> {
        self.0.queue.take()
    }

    /// Hands a message out again.
    pub fn offer(&self, message: Vec<u8>) {
        self.0.queue.borrow_mut().push(message);
    }

    /// The message that waits for longest.
    pub fn next_message(&self) -> Option<Vec<u8>> {
        let mut queue = self.0.queue.borrow_mut();
        if queue.is_empty() { None } else { Some(queue.remove(0)) }
    }

    /// Values that were finished.
    pub fn blobs(&self) -> Vec<String> {
        self.0.blobs.borrow().keys().cloned().collect()
    }

    /// Loses all that the cache has.
    pub fn forget(&self) {
        self.0.cache.retain(|_| false);
        self.0.claims.take();
        self.0.sets.take();
    }

    /// Loses what the cache has of one kind.
    pub fn forget_kind(&self, kind: &str) {
        self.0.cache.retain(|key| key.split(':').next() != Some(kind));
    }

    /// Takes a key, unless somebody has.
    fn hold(&self, key: &str) -> bool {
        self.0.claims.borrow_mut().insert(key.to_owned())
    }

    /// Takes away the keys that somebody took and did not give back, as time does, or the host at the end of a request.
    pub fn release(&self) {
        self.0.claims.take();
    }

    /// The content of a value.
    pub fn blob(&self, name: &str) -> Vec<u8> {
        self.0.blobs.borrow()[name].0.clone()
    }

    /// The content of the only value whose name begins so.
    pub fn only_blob(&self, prefix: &str) -> Vec<u8> {
        let names: Vec<String> = self.blobs().into_iter().filter(|name| name.starts_with(prefix)).collect();
        assert_eq!(names.len(), 1, "{prefix}: {names:?}");
        self.blob(&names[0])
    }

    /// Values that were read since this was last asked, each once, in order of name.
    pub fn reads(&self) -> Vec<String> {
        self.0.reads.take().into_iter().collect()
    }

    /// Whether the cache keeps nothing from now on.
    pub fn set_forgetful(&self, forgets: bool) {
        self.0.forgets.set(forgets);
    }

    /// Has so many seconds go by.
    pub fn wait(&self, seconds: u64) {
        self.0.later.set(self.0.later.get() + seconds);
    }

    /// Gives the forge an archive of a commit.
    pub fn push(&self, repository: &str, commit: &str, archive: Vec<u8>) {
        self.0.forge.borrow_mut().insert(format!("{repository}@{commit}"), archive);
    }

    /// Puts a value into the blobs as others do.
    pub fn place(&self, name: &str, value: &[u8]) {
        self.0.blobs.borrow_mut().insert(name.to_owned(), (value.to_vec(), Clock::now(self)));
    }

    /// What was said in the log.
    pub fn logged(&self) -> Vec<String> {
        self.0.log.borrow().clone()
    }

    /// Whether blobs and events can be reached from now on.
    pub fn set_down(&self, is_down: bool) {
        self.0.is_down.set(is_down);
    }

    /// Whether nothing more is taken by the events from now on.
    pub fn set_closed(&self, is_closed: bool) {
        self.0.is_closed.set(is_closed);
    }

    fn reach(&self) -> Result<(), Unavailable> {
        match self.0.is_down.get() {
            true => Err(Unavailable("the bucket does not answer".into())),
            false => Ok(()),
        }
    }
}

impl Cache for Ports {
    async fn get(&self, keys: &[String]) -> Vec<Option<Vec<u8>>> {
        self.step().await;
        self.0.cache.get(keys).await
    }

    async fn put(&self, entries: Vec<(String, Vec<u8>)>) {
        self.step().await;
        if !self.0.forgets.get() {
            self.0.cache.put(entries).await;
        }
    }
}

impl SharedCache for Ports {
    async fn remove(&self, keys: &[String]) {
        self.step().await;
        self.0.cache.remove(keys);
        for key in keys {
            self.0.claims.borrow_mut().remove(key);
            self.0.sets.borrow_mut().remove(key);
        }
    }

    async fn get_or_claim(&self, key: &str, _milliseconds: u32) -> Option<Vec<u8>> {
        self.step().await;
        self.0.cache.get(&[key.to_owned()]).await.remove(0)
    }

    async fn claim(&self, key: &str, _milliseconds: u32) -> bool {
        self.step().await;
        self.0.forgets.get() || self.hold(key)
    }

    async fn add_member(&self, set: &str, member: &str) -> u64 {
        self.step().await;
        if self.0.forgets.get() {
            return 0;
        }
        let mut sets = self.0.sets.borrow_mut();
        let set = sets.entry(set.to_owned()).or_default();
        set.insert(member.to_owned());
        set.len() as u64
    }

    async fn count_members(&self, set: &str) -> u64 {
        self.step().await;
        self.0.sets.borrow().get(set).map_or(0, |set| set.len() as u64)
    }
}

impl Blobs for Ports {
    async fn read(&self, name: &str, offset: u64, length: u64) -> Result<Option<Vec<u8>>, Unavailable> {
        self.step().await;
        self.reach()?;
        self.0.reads.borrow_mut().insert(name.to_owned());
        let part =
            |(blob, _): &(Vec<u8>, u64)| blob.iter().skip(offset as usize).take(length as usize).copied().collect();
        Ok(self.0.blobs.borrow().get(name).map(part))
    }

    async fn write(&self, name: &str, value: Vec<u8>) -> Result<(), Unavailable> {
        self.step().await;
        self.reach()?;
        self.place(name, &value);
        Ok(())
    }

    async fn begin(&self, name: &str) -> Result<String, Unavailable> {
        self.step().await;
        self.reach()?;
        // The name of an upload is one that nobody else has.
        self.0.begun.set(self.0.begun.get() + 1);
        let upload = format!("{}/{name}", self.0.begun.get());
        self.0.uploads.borrow_mut().insert(upload.clone(), (name.to_owned(), vec![]));
        Ok(upload)
    }

    async fn append(&self, upload: &str, offset: u64, part: Vec<u8>) -> Result<(), Unavailable> {
        self.step().await;
        self.reach()?;
        let mut uploads = self.0.uploads.borrow_mut();
        assert!(part.len() <= BLOB_PART && offset.is_multiple_of(BLOB_PART as u64));
        let (_, upload) = uploads.get_mut(upload).ok_or_else(|| Unavailable("no such upload".into()))?;
        assert_eq!(upload.len() as u64, offset);
        upload.extend(part);
        Ok(())
    }

    async fn finish(&self, upload: &str, size: u64) -> Result<(), Unavailable> {
        self.step().await;
        self.reach()?;
        let upload = self.0.uploads.borrow_mut().remove(upload);
        let (name, blob) = upload.ok_or_else(|| Unavailable("no such upload".into()))?;
        assert_eq!(blob.len() as u64, size);
        self.place(&name, &blob);
        Ok(())
    }

    async fn list(&self, prefix: &str, after: &str) -> Result<Vec<Blob>, Unavailable> {
        self.step().await;
        self.reach()?;
        let blobs = self.0.blobs.borrow();
        let wanted = blobs.iter().filter(|(name, _)| name.starts_with(prefix) && name.as_str() > after);
        let blob = |(name, (value, updated)): (&String, &(Vec<u8>, u64))| Blob {
            name: name.clone(),
            size: value.len() as u64,
            updated: *updated,
            digest: format!("{value:?}"),
        };
        // Short pages, so that there are several.
        Ok(wanted.take(3).map(blob).collect())
    }

    async fn delete(&self, names: &[String]) -> Result<(), Unavailable> {
        self.step().await;
        self.reach()?;
        self.0.blobs.borrow_mut().retain(|name, _| !names.contains(name));
        Ok(())
    }

    async fn fetch(&self, name: &str, repository: &str, commit: &str) -> Result<u64, FetchError> {
        self.step().await;
        self.reach()?;
        let archive = self.0.forge.borrow().get(&format!("{repository}@{commit}")).cloned();
        let archive = archive.ok_or_else(|| FetchError::Refused(format!("{repository}@{commit}: 404")))?;
        self.place(name, &archive);
        Ok(archive.len() as u64)
    }
}

impl Events for Ports {
    async fn publish(&self, messages: Vec<Vec<u8>>) -> Result<(), Unavailable> {
        self.step().await;
        self.reach()?;
        if self.0.is_closed.get() {
            return Err(Unavailable("the topic does not answer".into()));
        }
        self.0.queue.borrow_mut().extend(messages);
        Ok(())
    }

    async fn verify(&self, signature: &str, body: &[u8]) -> Verdict {
        self.step().await;
        match signature {
            "nobody knows" => Verdict::Unconfigured,
            _ if signature == format!("sha256={}", body.len()) => Verdict::Authentic,
            _ => Verdict::Forged,
        }
    }
}

impl Clock for Ports {
    fn microseconds(&self) -> u64 {
        self.0.now.set(self.0.now.get() + 1500);
        self.0.now.get()
    }

    fn now(&self) -> u64 {
        1_700_000_000 + self.0.later.get()
    }
}

impl Log for Ports {
    fn log(&self, severity: Severity, message: &str, fields: &[(&str, &str)]) {
        self.0.log.borrow_mut().push(format!("{severity:?} {message} {fields:?}"));
    }
}

impl Stages for Ports {
    fn revision(&self) -> &str {
        "native"
    }

    fn languages(&self) -> Result<Vec<Language>, StageError> {
        Native.languages()
    }

    fn parse(&self, sources: Vec<Source>) -> Result<Vec<Tags>, StageError> {
        Native.parse(sources)
    }

    fn build_graph(&self, paths: &Strings, files: Vec<FileNames>) -> Result<Built, StageError> {
        Native.build_graph(paths, files)
    }

    fn update_graph(
        &self,
        before: Built,
        removed: &Strings,
        paths: &Strings,
        files: Vec<FileNames>,
    ) -> Result<Built, StageError> {
        Native.update_graph(before, removed, paths, files)
    }

    fn neighbours(
        &self,
        graph: &RepositoryGraph,
        file: u32,
        depth: u32,
        reverse: bool,
    ) -> Result<Vec<Neighbour>, StageError> {
        Native.neighbours(graph, file, depth, reverse)
    }

    fn communities(&self, graph: &RepositoryGraph) -> Result<Communities, StageError> {
        Native.communities(graph)
    }

    fn cycles(&self, graph: &RepositoryGraph) -> Result<Cycles, StageError> {
        Native.cycles(graph)
    }

    fn rank(&self, graph: &RepositoryGraph, query: &RankQuery) -> Result<Ranks, StageError> {
        Native.rank(graph, query)
    }

    fn search(&self, names: &Strings, query: &str, mode: SearchMode, limit: u32) -> Result<Vec<Hit>, StageError> {
        Native.search(names, query, mode, limit)
    }

    fn render(&self, files: &[FileLines], entries: &Entries, options: RenderOptions) -> Result<Rendered, StageError> {
        Native.render(files, entries, options)
    }
}
