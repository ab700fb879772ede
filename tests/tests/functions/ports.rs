//! What the functions reach, in memory.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use astlas_atlas::{
    memory::MemoryCache,
    ports::{
        Blob, Blobs, Cache, Clock, Events, FetchError, Log, Severity, SharedCache, Source, StageError, Stages,
        Unavailable, Verdict,
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

/// All ports of both functions.
#[derive(Clone, Default)]
pub struct Ports(Rc<Inner>);

#[derive(Default)]
struct Inner {
    cache: MemoryCache,
    blobs: RefCell<BTreeMap<String, Vec<u8>>>,
    uploads: RefCell<BTreeMap<String, Vec<u8>>>,
    queue: RefCell<Vec<Vec<u8>>>,
    now: Cell<u64>,
    is_down: Cell<bool>,
}

impl Ports {
    /// Messages that were published since this was last asked.
    pub fn published(&self) -> Vec<Vec<u8>> {
        self.0.queue.take()
    }

    /// Values that were finished.
    pub fn blobs(&self) -> Vec<String> {
        self.0.blobs.borrow().keys().cloned().collect()
    }

    /// Whether blobs and events can be reached from now on.
    pub fn set_down(&self, is_down: bool) {
        self.0.is_down.set(is_down);
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
        self.0.cache.get(keys).await
    }

    async fn put(&self, entries: Vec<(String, Vec<u8>)>) {
        self.0.cache.put(entries).await;
    }
}

impl Blobs for Ports {
    async fn read(&self, name: &str, offset: u64, length: u64) -> Result<Option<Vec<u8>>, Unavailable> {
        self.reach()?;
        let part = |blob: &Vec<u8>| blob.iter().skip(offset as usize).take(length as usize).copied().collect();
        Ok(self.0.blobs.borrow().get(name).map(part))
    }

    async fn begin(&self, name: &str) -> Result<String, Unavailable> {
        self.reach()?;
        self.0.uploads.borrow_mut().insert(name.to_owned(), vec![]);
        Ok(name.to_owned())
    }

    async fn append(&self, upload: &str, offset: u64, part: Vec<u8>) -> Result<(), Unavailable> {
        self.reach()?;
        let mut uploads = self.0.uploads.borrow_mut();
        let upload = uploads.get_mut(upload).ok_or_else(|| Unavailable("no such upload".into()))?;
        assert_eq!(upload.len() as u64, offset);
        upload.extend(part);
        Ok(())
    }

    async fn finish(&self, upload: &str, size: u64) -> Result<(), Unavailable> {
        self.reach()?;
        let blob = self.0.uploads.borrow_mut().remove(upload).ok_or_else(|| Unavailable("no such upload".into()))?;
        assert_eq!(blob.len() as u64, size);
        self.0.blobs.borrow_mut().insert(upload.to_owned(), blob);
        Ok(())
    }
}

impl Events for Ports {
    async fn publish(&self, message: Vec<u8>) -> Result<(), Unavailable> {
        self.reach()?;
        self.0.queue.borrow_mut().push(message);
        Ok(())
    }
}

impl Clock for Ports {
    fn microseconds(&self) -> u64 {
        self.0.now.set(self.0.now.get() + 1500);
        self.0.now.get()
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
