//! Values of the cache: any bytes in the place of one of them, as they are and under a header that fits them. Every
//! question that reads them ends, in an answer or in an error.

use std::{cell::OnceCell, rc::Rc};

use astlas_atlas::{
    Atlas, file_names,
    indexed::Indexed,
    memory::MemoryFiles,
    snapshot::{Remainder, Snapshot},
};
use astlas_model::{Tags, stages::SearchMode, stored};
use pollster::block_on;

use crate::{
    native::Native,
    planted::{self, Planted},
    repository::{self, Contents},
    sealed::sealed,
};

thread_local! {
    static BASE: OnceCell<Rc<Base>> = const { OnceCell::new() };
}

/// The small repository as it should be.
struct Base {
    contents: Contents,
    files: MemoryFiles,
    indexed: Indexed,
}

fn base() -> Rc<Base> {
    let make = || {
        let contents = repository::contents();
        let indexed = planted::ask(Planted::default()).0.unwrap().indexed;
        Rc::new(Base { files: MemoryFiles::new(contents.clone()), contents, indexed })
    };
    BASE.with(|base| base.get_or_init(make).clone())
}

/// These bytes under a header that fits them and, if they have one, as they are.
fn values(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let has_header = stored::decode::<()>(bytes).is_ok();
    [sealed(bytes)].into_iter().chain(has_header.then(|| bytes.to_vec()))
}

/// The use cases over a cache with this value for keys of one kind.
fn with(kind: &str, value: Vec<u8>) -> Atlas<Native, Planted> {
    Atlas { stages: Native, cache: Planted::new(kind, value), repository: "here".into() }
}

/// Tags of a file.
pub fn tags(bytes: &[u8]) {
    let base = base();
    for value in values(bytes) {
        let Ok(tags) = stored::decode::<Tags>(&value) else { continue };
        assert_eq!(stored::decode(&stored::encode(&tags)), Ok(tags.clone()));
        if !tags.is_sound() {
            continue;
        }
        assert!(serde_json::to_vec(&astlas_json::FileTags::new("a.py", &tags)).is_ok());
        let paths = ["a.py", "b.py"].iter().collect();
        let built = astlas_graph::build(&paths, &[file_names(&tags, None), file_names(&tags, None)]).unwrap();
        assert_eq!((built.graph.fault(), built.ledger.fault(&built.graph)), (None, None));
        let (atlas, request) = (with("ast", value), planted::request(None));
        let map = block_on(atlas.map(&base.indexed, &base.files, &request)).unwrap();
        assert!(map.tokens <= request.budget && map.files.iter().all(|file| base.contents.contains_key(&file.path)));
        assert!(block_on(atlas.symbols(&base.indexed, &base.files, "e", SearchMode::Fuzzy, 9)).is_ok());
    }
}

/// A snapshot.
pub fn graph(bytes: &[u8]) {
    let base = base();
    for value in values(bytes) {
        let Ok(snapshot) = stored::decode::<Snapshot>(&value) else { continue };
        let is_sound = snapshot.graph.fault().is_none();
        let atlas = with("graph", vec![]);
        let answers = planted::ask_index(&atlas, &base.files, Indexed { snapshot, ..base.indexed.clone() });
        assert_eq!(answers.ranks.is_ok(), is_sound, "{:?}", answers.ranks);
    }
}

/// What a graph is updated from.
pub fn ledger(bytes: &[u8]) {
    for value in values(bytes) {
        let Ok(Remainder { ledger, .. }) = stored::decode(&value) else { continue };
        let removed = ["app/tools.py"].iter().collect();
        let before = astlas_model::Built { graph: base().indexed.snapshot.graph.clone(), ledger };
        if let Ok(built) = astlas_graph::update(&before, &removed, &Default::default(), &[]) {
            assert_eq!((built.graph.fault(), built.ledger.fault(&built.graph)), (None, None));
        }
    }
}

/// The definitions of a repository.
pub fn symbols(bytes: &[u8]) {
    let base = base();
    for value in values(bytes) {
        let atlas = with("symbols", value);
        for mode in [SearchMode::Fuzzy, SearchMode::Prefix] {
            let _ = block_on(atlas.symbols(&base.indexed, &base.files, "e", mode, 9));
        }
    }
}

/// What was last seen of the files.
pub fn manifest(bytes: &[u8]) {
    let base = base();
    for value in values(bytes) {
        let Ok(indexed) = block_on(with("merkle", value).index(&base.files, &())) else { continue };
        assert_eq!(indexed.snapshot.graph.fault(), None);
        assert!(indexed.snapshot.graph.files.iter().all(|path| base.contents.contains_key(path)));
    }
}

/// Scores.
pub fn ranks(bytes: &[u8]) {
    let (base, request) = (base(), planted::request(None));
    for value in values(bytes) {
        let atlas = with("rank", value);
        let _ = block_on(atlas.ranked_files(&base.indexed, &request.context));
        let _ = block_on(atlas.explained(&base.indexed, &request.context));
        let _ = block_on(atlas.map(&base.indexed, &base.files, &request));
    }
}

/// A map.
pub fn map(bytes: &[u8]) {
    let base = base();
    for value in values(bytes) {
        let _ = block_on(with("map", value).map(&base.indexed, &base.files, &planted::request(None)));
    }
}

/// The parser's languages.
pub fn languages(bytes: &[u8]) {
    let base = base();
    for value in values(bytes) {
        let _ = block_on(with("languages", value).index(&base.files, &()));
    }
}

/// What changed together.
pub fn history(bytes: &[u8]) {
    let base = base();
    for value in values(bytes) {
        let atlas = with("history", value);
        let context = planted::request(block_on(atlas.history(planted::NEWEST, || None))).context;
        repository::check_ranks(&block_on(atlas.ranked_files(&base.indexed, &context)).unwrap(), &base.contents);
    }
}

/// The index of a commit, as the blobs have it.
pub fn bundle(bytes: &[u8]) {
    for value in values(bytes) {
        let atlas = Atlas { stages: Native, cache: Planted::default(), repository: "here".into() };
        if let Some((known, indexed)) = block_on(atlas.restore("c", "1", &value)) {
            assert_eq!(block_on(atlas.commit("c")), Some(known));
            planted::ask_index(&atlas, &base().files, indexed);
        }
    }
}
