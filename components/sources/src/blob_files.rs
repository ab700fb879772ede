//! The sources of a commit, read from blobs one by one.

use std::cell::{OnceCell, RefCell};

use astlas_atlas::{
    blobs,
    keys::Sources,
    ports::{Blobs, Files, ReadError, Stamp, TreeFile, Unavailable},
};

use crate::{
    ArchiveError, Limits, pack,
    window::{Stopped, Window},
    zip::{Directory, Entry, Zip},
};

/// The files of a commit in its blobs. The listing is read when it is first needed.
pub struct BlobFiles<'a, B> {
    blobs: &'a B,
    /// Of the pack or the archive or, with a `/` at the end, of the folder.
    name: String,
    sources: Sources,
    listed: OnceCell<Listed<'a, B>>,
    failed: RefCell<Option<Unavailable>>,
}

/// Why an archive does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is not there.
    #[error("the archive is gone; send it again")]
    Gone,
    /// It is none that is taken.
    #[error(transparent)]
    Refused(#[from] ArchiveError),
    /// Nobody can tell for now.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<Stopped> for OpenError {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Refused(error) => Self::Refused(error),
            Stopped::Gone => Self::Gone,
            Stopped::Unavailable(error) => Self::Unavailable(error),
        }
    }
}

struct Listed<'a, B> {
    entries: Vec<TreeFile>,
    places: Places<'a, B>,
}

/// Where each file is, in the order of the entries.
enum Places<'a, B> {
    /// In a blob of its own.
    Blobs,
    /// In a pack, from there on.
    Pack(Window<'a, B>, Vec<u64>),
    Zip(Zip<'a, B>, Vec<Entry>),
}

impl<'a, B: Blobs> BlobFiles<'a, B> {
    /// The files under this name. Those of an archive can be read, but not told from others by their stamps.
    pub fn new(blobs: &'a B, name: String, sources: Sources) -> Self {
        Self { blobs, name, sources, listed: OnceCell::new(), failed: RefCell::default() }
    }

    /// The wanted files of the archive under this name, with stamps; and how many wanted ones were too large.
    pub async fn of_archive(
        blobs: &'a B,
        name: String,
        limits: &Limits,
        is_wanted: &dyn Fn(&str) -> bool,
    ) -> Result<(Self, u64), OpenError> {
        let (zip, Directory { files, too_large }) = open(blobs, &name, limits, is_wanted).await?;
        let (mut entries, places): (Vec<_>, Vec<_>) =
            files.into_iter().map(|(path, entry)| (TreeFile { path, stamp: Stamp::default() }, entry)).unzip();
        // In the order of the archive, which need not be that of the paths.
        let mut order: Vec<usize> = (0..places.len()).collect();
        order.sort_unstable_by_key(|&at| places[at].offset);
        for at in order {
            entries[at].stamp = zip.stamp(&places[at]).await?;
        }
        let listed = Listed { entries, places: Places::Zip(zip, places) };
        Ok((Self { listed: listed.into(), ..Self::new(blobs, name, Sources::Archive) }, too_large))
    }

    async fn list(&self) -> Result<Listed<'a, B>, Unavailable> {
        let gone = || Unavailable("the sources of the commit are gone; index it again".into());
        match self.sources {
            Sources::Gone => Ok(Listed { entries: vec![], places: Places::Blobs }),
            Sources::Tree => {
                let file = |blob: astlas_atlas::ports::Blob| {
                    let path = blob.name.strip_prefix(&self.name)?.to_owned();
                    // Folders that consoles make are values without content.
                    let is_file = !path.is_empty() && !path.ends_with('/');
                    is_file.then(|| TreeFile { path, stamp: Stamp::of(blob.size, "blob", blob.digest.as_bytes()) })
                };
                let found = blobs::list_all(self.blobs, &self.name).await?;
                Ok(Listed { entries: found.into_iter().filter_map(file).collect(), places: Places::Blobs })
            }
            Sources::Pack => {
                let window = Window::new(self.blobs, self.name.clone(), u64::MAX);
                let (entries, offsets) = pack::table(&window).await?.ok_or_else(gone)?.into_iter().unzip();
                Ok(Listed { entries, places: Places::Pack(window, offsets) })
            }
            Sources::Archive => {
                // It was looked at when it was indexed.
                let limits = Limits { wanted: u64::MAX, file: u64::MAX, ..Limits::DEFAULT };
                let opened = open(self.blobs, &self.name, &limits, &|_| true).await;
                let (zip, Directory { files, .. }) = opened.map_err(|error| match error {
                    OpenError::Unavailable(error) => error,
                    OpenError::Gone | OpenError::Refused(_) => gone(),
                })?;
                let files = files.into_iter().map(|(path, entry)| {
                    (TreeFile { path, stamp: Stamp { size: entry.size, ..Stamp::default() } }, entry)
                });
                let (entries, places) = files.unzip();
                Ok(Listed { entries, places: Places::Zip(zip, places) })
            }
        }
    }
}

async fn open<'a, B: Blobs>(
    blobs: &'a B,
    name: &str,
    limits: &Limits,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Result<(Zip<'a, B>, Directory), OpenError> {
    // Of all names that begin with this one, it is the first.
    let found = blobs.list(name, "").await?.into_iter().next().filter(|blob| blob.name == name);
    let size = found.ok_or(OpenError::Gone)?.size;
    Ok(Zip::open(Window::new(blobs, name.to_owned(), size), limits, is_wanted).await?)
}

impl<B: Blobs> Files for BlobFiles<'_, B> {
    fn listed_at(&self) -> i64 {
        i64::MAX
    }

    async fn ready(&self) {
        if self.listed.get().is_some() {
            return;
        }
        match self.list().await {
            Ok(listed) => drop(self.listed.set(listed)),
            Err(error) => drop(self.failed.replace(Some(error))),
        }
    }

    fn entries(&self) -> &[TreeFile] {
        self.listed.get().map_or(&[], |listed| &listed.entries)
    }

    async fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        self.ready().await;
        let gone = || ReadError("gone from the blobs".into());
        let Listed { entries, places } = self.listed.get().ok_or_else(gone)?;
        let at = entries.binary_search_by(|file| file.path.as_str().cmp(path)).map_err(|_| gone())?;
        let read = match places {
            Places::Blobs => blobs::read(self.blobs, &format!("{}{path}", self.name), 0, limit).await,
            Places::Pack(window, offsets) => window.bytes(offsets[at], entries[at].stamp.size.min(limit)).await,
            Places::Zip(zip, places) => match zip.read(&places[at], limit).await {
                Ok(content) => Ok(Some(content)),
                Err(Stopped::Gone) => Ok(None),
                Err(Stopped::Refused(error)) => return Err(ReadError(error.to_string())),
                Err(Stopped::Unavailable(error)) => Err(error),
            },
        };
        read.map_err(|error| {
            self.failed.replace(Some(error.clone()));
            ReadError(error.to_string())
        })?
        .ok_or_else(gone)
    }

    fn failure(&self) -> Option<Unavailable> {
        self.failed.borrow().clone()
    }
}
