//! Parse, graph, rank, render: from any bytes as source files to a map of them.

use std::{cell::OnceCell, collections::BTreeMap};

use astlas_atlas::{
    Atlas,
    index::IndexError,
    map::MapRequest,
    memory::{MemoryCache, MemoryFiles},
    rank::Context,
};
use astlas_model::{
    Language,
    stages::{MapOrder, Profile, SearchMode, Strategy, Tokenizer},
};
use pollster::block_on;

use crate::{native, repository, work};

/// Cannot be in UTF-8, so it stands between files.
pub const BETWEEN: u8 = 0xff;
/// What stands before the first file: budget, how it is drawn, how it is ranked.
pub const HEADER: usize = 3;
/// Most files, and bytes of each: many short inputs find more than a few long ones.
const FILES: usize = 4;
const LENGTH: usize = 2 << 10;
/// Work for each file, in the parser's units: error recovery would take seconds with the parser's own limit.
const WORK: u64 = 300;

thread_local! {
    static LANGUAGES: OnceCell<Vec<Language>> = const { OnceCell::new() };
}

/// The first bytes are what is asked for; then files, each with a byte first that chooses its language.
pub fn pipeline(bytes: &[u8]) {
    let Some((header, sources)) = bytes.split_first_chunk::<HEADER>() else { return };
    work::limit(WORK);
    let (files, languages) = LANGUAGES.with(|known| files(sources, known.get_or_init(astlas_parser::languages)));
    // A table of all languages takes longer to make than all the rest.
    let _all = Languages::only(languages);
    let contents = files.clone();
    let files = MemoryFiles::new(files);
    let atlas = Atlas { stages: native::Native, cache: MemoryCache::default(), repository: "here".into() };
    let indexed = match block_on(atlas.index(&files, &())) {
        Ok(indexed) => indexed,
        Err(IndexError::NoSource) => return assert!(contents.is_empty()),
        Err(error) => panic!("{error}"),
    };
    assert_eq!(indexed.snapshot.graph.fault(), None);
    assert!(indexed.snapshot.graph.files.iter().all(|path| contents.contains_key(path)));

    let [budget, drawn, ranked] = *header;
    let context = Context {
        profile: if ranked & 1 == 0 { Profile::Default } else { Profile::Classic },
        strategy: [Strategy::Pagerank, Strategy::Pagerank, Strategy::Degree, Strategy::Betweenness]
            [usize::from(ranked >> 1 & 3)],
        files: contents.keys().take(usize::from(ranked >> 3 & 1)).cloned().collect(),
        mentioned: if ranked & 16 == 0 { vec![] } else { vec!["main".into(), "missing.py".into()] },
        ..Context::default()
    };
    let request = MapRequest {
        tokenizer: [Tokenizer::O200k, Tokenizer::Cl100k, Tokenizer::Chars, Tokenizer::O200k][usize::from(drawn & 3)],
        budget: 1 + 4 * u32::from(budget),
        order: if drawn & 4 == 0 { MapOrder::Relevance } else { MapOrder::Path },
        full: drawn & 8 != 0,
        fenced: drawn & 16 != 0,
        context,
    };
    let map = block_on(atlas.map(&indexed, &files, &request)).unwrap();
    repository::check_map(&map, &request, &contents);
    let ranks = block_on(atlas.ranked_files(&indexed, &request.context)).unwrap();
    repository::check_ranks(&ranks, &contents);
    let found = block_on(atlas.symbols(&indexed, &files, "e", SearchMode::Fuzzy, 20)).unwrap();
    repository::check_symbols(&found, &contents);
}

/// Has the stages know these languages alone, until it is dropped.
struct Languages;

impl Languages {
    fn only(languages: Vec<Language>) -> Self {
        native::LANGUAGES.set(Some(languages));
        Self
    }
}

impl Drop for Languages {
    fn drop(&mut self) {
        native::LANGUAGES.set(None);
    }
}

/// Files by path, in two folders, so that there are ways between; and the languages that they are in.
fn files(sources: &[u8], known: &[Language]) -> (BTreeMap<String, Vec<u8>>, Vec<Language>) {
    let (mut files, mut languages) = (BTreeMap::new(), BTreeMap::new());
    for (at, source) in sources.split(|&byte| byte == BETWEEN).take(FILES).enumerate() {
        let Some((chosen, text)) = source.split_first() else { continue };
        let language = &known[usize::from(*chosen) % known.len()];
        let name = match (language.extensions.first(), language.file_names.first()) {
            (Some(extension), _) => format!("file{at}.{extension}"),
            (None, Some(name)) => name.clone(),
            (None, None) => continue,
        };
        files.insert(format!("folder{}/{name}", at % 2), text[..text.len().min(LENGTH)].to_vec());
        languages.insert(&language.name, language);
    }
    (files, languages.into_values().cloned().collect())
}
