//! Diffs: any bytes as what somebody says was changed.

use astlas_atlas::{
    Atlas,
    context::{Change, ChangedFile, ContextRequest, Status},
    index::Listing,
    indexed::Indexed,
    memory::{MemoryCache, MemoryFiles},
};
use astlas_patch::taken_back;
use pollster::block_on;

use crate::{
    folder::{Folder, OUTSIDE, WRITTEN},
    native::Native,
    repository, work,
};

/// Between what a file held before and what it holds.
pub const BETWEEN: u8 = 0xff;
/// Work for each file, in the parser's units.
const WORK: u64 = 300;
/// Most tokens of what is drawn.
const BUDGET: u32 = 200;

thread_local! {
    static SCENE: Scene = Scene::default();
}

/// The small repository, on the disk and indexed.
struct Scene {
    folder: Folder,
    /// The one that is written to: no input depends on the one before.
    written: Folder,
    atlas: Atlas<Native, MemoryCache>,
    files: MemoryFiles,
    indexed: Indexed,
}

impl Default for Scene {
    fn default() -> Self {
        let atlas = Atlas { stages: Native, cache: MemoryCache::default(), repository: "here".into() };
        let files = MemoryFiles::new(repository::contents());
        let indexed = block_on(atlas.index(&files, &())).unwrap();
        Self { folder: Folder::default(), written: Folder::default(), atlas, files, indexed }
    }
}

/// The first byte says what the rest is: a diff of the repository, one of a folder below its root, or what a file held
/// before and holds now.
pub fn patch(bytes: &[u8]) {
    let Some((&kind, rest)) = bytes.split_first() else { return };
    work::limit(WORK);
    SCENE.with(|scene| match kind % 3 {
        0 => scene.take_back(rest, ""),
        1 => scene.take_back(rest, "app/"),
        _ => scene.go_and_return(rest),
    });
}

impl Scene {
    fn take_back(&self, diff: &[u8], prefix: &str) {
        let root = self.folder.root().join(prefix.trim_end_matches('/'));
        let (files, before) = match taken_back(diff, &root, prefix) {
            Ok(found) => found,
            Err(error) => return assert!(!error.to_string().is_empty()),
        };
        assert!(files.is_sorted_by(|one, next| one.path < next.path), "{files:?}");
        let is_inside = |path: &str| !path.starts_with('/') && path.split('/').all(|part| part != "..");
        for file in &files {
            assert!(is_inside(&file.path) && file.old_path.as_deref().is_none_or(is_inside), "{file:?}");
            let is_known = file.before().is_none_or(|path| before.contains_key(path));
            assert!(is_known && file.status != Status::Given, "{file:?} of {:?}", before.keys());
        }
        let holds = |content: &[u8]| content.windows(OUTSIDE.len()).any(|part| part == OUTSIDE.as_bytes());
        assert!(holds(diff) || !before.values().any(|content| holds(content)), "{files:?} has a file from outside");
        if prefix.is_empty() {
            self.draw(&files, &before);
        }
    }

    /// Draws the context of a change: definitions are where a file has lines.
    fn draw(&self, files: &[ChangedFile], before: &repository::Contents) {
        let change = Change { files, before: Some(before), listing: Listing::FOLDER };
        let request = ContextRequest { budget: BUDGET, ..ContextRequest::default() };
        let drawn = block_on(self.atlas.context(&self.indexed, &self.files, &change, &request, &())).unwrap();
        assert!(drawn.tokens <= BUDGET, "{} tokens", drawn.tokens);
        let now = repository::contents();
        for symbol in &drawn.symbols {
            let old = files.iter().find(|file| file.path == symbol.file).and_then(ChangedFile::before);
            let sides = [now.get(&symbol.file), before.get(&symbol.file), old.and_then(|path| before.get(path))];
            let lines = sides.into_iter().flatten().map(|content| String::from_utf8_lossy(content).lines().count());
            assert!((symbol.line as usize) < lines.max().unwrap_or_default(), "{symbol:?}");
        }
    }

    /// A diff of two contents, taken back from the one, is the other.
    fn go_and_return(&self, contents: &[u8]) {
        let Some(at) = contents.iter().position(|&byte| byte == BETWEEN) else { return };
        let [before, after] = [&contents[..at], &contents[at + 1..]].map(str::from_utf8);
        let (Ok(before), Ok(after)) = (before, after) else { return };
        if before == after {
            return;
        }
        let mut options = diffy::DiffOptions::new();
        let side = |side: &str| format!("{side}/{WRITTEN}");
        options.set_original_filename(side("a")).set_modified_filename(side("b"));
        let diff = options.create_patch(before, after).to_string();
        self.written.write(WRITTEN, after.as_bytes());
        let (files, found) = taken_back(diff.as_bytes(), &self.written.root(), "").unwrap();
        assert!(files.len() == 1 && files[0].status == Status::Modified, "{files:?}");
        assert_eq!(found.get(WRITTEN).map(Vec::as_slice), Some(before.as_bytes()), "{diff:?}");
    }
}
