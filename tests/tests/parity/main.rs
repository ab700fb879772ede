//! Native and wasm agree, byte for byte: each stage's finished component beside the same crate compiled natively, and the
//! program's map beside one that was drawn natively from end to end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test relies on may stop it")]

mod baseline;
mod corpus;
mod native;
mod wasm;

use std::{fs, path::Path};

use astlas_atlas::{
    Atlas,
    map::MapRequest,
    memory::MemoryCache,
    outline::outline,
    ports::{Files, Source, Stages},
    rank::Context,
    symbols::SymbolIndex,
};
use astlas_engine::Runtime;
use astlas_model::{
    Built, Detector, FileMarks, History, RepositoryGraph, Strings, Tags,
    stages::{
        Entries, FileLines, FileNames, MapOrder, Profile, RankQuery, RenderOptions, SearchMode, Strategy, Tokenizer,
    },
    stored,
};
use astlas_tests::Sandbox;

use corpus::Corpus;
use native::Native;

/// Crates whose sources are compared; the build has downloaded them. In Rust alone, and in Rust, C and JavaScript.
const CORPORA: [&str; 2] = ["petgraph", "tree-sitter"];

/// Fails unless both values are the same bytes: a float that differs in its last bit does, too.
fn assert_same<T: serde::Serialize + std::fmt::Debug>(wasm: &T, native: &T, what: &str) {
    if stored::encode(wasm) != stored::encode(native) {
        let (wasm, native) = (format!("{wasm:#?}"), format!("{native:#?}"));
        let differing = wasm.lines().zip(native.lines()).find(|(wasm, native)| wasm != native);
        panic!("{what}: wasm and native differ: {differing:?}");
    }
}

#[test]
fn languages_and_tags_of_every_test_source() {
    let (wasm, native) = (wasm::stages(), Native);
    let languages = native.languages().unwrap();
    assert_same(&wasm.languages().unwrap(), &languages, "languages");
    let queries = Path::new(env!("CARGO_MANIFEST_DIR")).join("../queries");
    let detector = Detector::new(languages.clone());
    let (mut names, mut sources) = (vec![], vec![]);
    for language in languages {
        for source in fs::read_dir(queries.join(&language.name).join("tests")).unwrap() {
            let path = source.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let name = path.to_str().unwrap().to_owned();
            let found = astlas_atlas::source::language(&detector, &name, text.as_bytes());
            let found = found.unwrap_or_else(|| panic!("{name}: no language")).name.clone();
            names.push((name, language.name.clone()));
            sources.push(Source { language: found, text });
        }
    }
    assert!(sources.len() >= 24, "only {} sources compared", sources.len());
    let (wasm, native) = (wasm.parse(sources.clone()).unwrap(), native.parse(sources).unwrap());
    assert_eq!(wasm.len(), names.len());
    for (((name, language), wasm), native) in names.iter().zip(&wasm).zip(&native) {
        assert_same(wasm, native, name);
        // Where languages share an extension, the text tells which it is.
        assert_eq!(wasm.language, *language, "{name}");
    }
}

#[test]
fn every_stage_on_real_repositories() {
    let (wasm, native) = (wasm::stages(), Native);
    for name in CORPORA {
        let corpus = Corpus::of(name);
        let sources = corpus.sources(&Detector::new(native.languages().unwrap()));
        let (tags, natively) = (wasm.parse(sources.clone()).unwrap(), native.parse(sources).unwrap());
        assert_eq!(tags.len(), corpus.entries().len());
        for ((file, wasm), native) in corpus.entries().iter().zip(&tags).zip(&natively) {
            assert_same(wasm, native, &format!("{name}: tags of {}", file.path));
        }
        let paths: Strings = corpus.entries().iter().map(|file| &file.path).collect();
        let detector = Detector::new(native.languages().unwrap());
        let of = |tags: &Tags| astlas_atlas::file_names(tags, detector.language(&tags.language));
        let names = || tags.iter().map(of).collect::<Vec<_>>();
        let built = wasm.build_graph(&paths, names()).unwrap();
        assert_same(&built, &native.build_graph(&paths, names()).unwrap(), &format!("{name}: graph"));
        compare_updates(&wasm, &built, &paths, &names(), name);
        let graph = built.graph;
        assert!(graph.edge_source.len() > 20, "{name}: only {} edges", graph.edge_source.len());
        compare_neighbours(&wasm, &graph, name);
        compare_communities_and_cycles(&wasm, &graph, name);
        compare_ranks(&wasm, &graph, name);
        compare_hits(&wasm, &tags, name);
        compare_maps(&wasm, &paths, &tags, name);
    }
}

/// Of every third file one is removed, the others trade what they hold; then all is as it was.
fn compare_updates(wasm: &impl Stages, built: &Built, paths: &Strings, names: &[FileNames], name: &str) {
    let third: Vec<usize> = (0..names.len()).step_by(3).collect();
    let removed: Strings = third.iter().take(1).filter_map(|&at| paths.get(at)).collect();
    let changed: Strings = third.iter().skip(1).filter_map(|&at| paths.get(at)).collect();
    let traded: Vec<FileNames> = third.iter().skip(1).rev().map(|&at| names[at].clone()).collect();
    let update = |stages: &dyn Stages| {
        let traded = stages.update_graph(built.clone(), &removed, &changed, traded.clone()).unwrap();
        let all = third.iter().filter_map(|&at| paths.get(at)).collect();
        let back = third.iter().map(|&at| names[at].clone()).collect();
        (traded.clone(), stages.update_graph(traded, &Strings::default(), &all, back).unwrap())
    };
    let (on_wasm, natively) = (update(wasm), update(&Native));
    assert_same(&on_wasm, &natively, &format!("{name}: updates"));
    assert_same(&on_wasm.1, built, &format!("{name}: there and back"));
    assert_ne!(on_wasm.0, *built, "{name}: nothing was changed");
    for profile in [Profile::Default, Profile::Classic] {
        let query = RankQuery { profile, ..RankQuery::default() };
        let query = RankQuery { before: Native.rank(&built.graph, &query).unwrap().settled, ..query };
        let ranks = wasm.rank(&built.graph, &query).unwrap();
        assert_same(&ranks, &Native.rank(&built.graph, &query).unwrap(), &format!("{name}: ranks gone on from"));
    }
}

fn compare_neighbours(wasm: &impl Stages, graph: &RepositoryGraph, name: &str) {
    for file in 0..graph.files.len() as u32 {
        for (depth, reverse) in [(1, false), (0, false), (2, true)] {
            let found = |stages: &dyn Fn() -> Vec<astlas_model::stages::Neighbour>| {
                stages().iter().map(|n| (n.file, n.depth, n.weight.to_bits())).collect::<Vec<_>>()
            };
            let wasm = found(&|| wasm.neighbours(graph, file, depth, reverse).unwrap());
            let native = found(&|| Native.neighbours(graph, file, depth, reverse).unwrap());
            assert_eq!(wasm, native, "{name}: neighbours of file {file}");
        }
    }
}

fn compare_communities_and_cycles(wasm: &impl Stages, graph: &RepositoryGraph, name: &str) {
    let communities = wasm.communities(graph).unwrap();
    assert_same(&communities, &Native.communities(graph).unwrap(), &format!("{name}: communities"));
    assert!(communities.modularity > 0.01, "{name}: modularity {}", communities.modularity);
    let cycles = wasm.cycles(graph).unwrap();
    assert_same(&cycles, &Native.cycles(graph).unwrap(), &format!("{name}: cycles"));
    assert!(!cycles.file.is_empty(), "{name}: no cycles");
}

#[test]
fn a_chain_of_100_000_files_is_not_too_deep() {
    let files = 100_000;
    let graph = RepositoryGraph {
        files: (0..files).map(|file| format!("{file:06}")).collect(),
        file_family: vec![0; files as usize],
        families: ["python"].iter().collect(),
        file_lines: vec![1; files as usize],
        file_marks: vec![FileMarks::default(); files as usize],
        edge_source: (0..files - 1).collect(),
        edge_target: (1..files).collect(),
        edge_weight: vec![1.0; files as usize - 1],
        edge_confidence: vec![1.0; files as usize - 1],
        ..RepositoryGraph::default()
    };
    let mut ring = graph.clone();
    ring.edge_source.push(files - 1);
    ring.edge_target.push(0);
    ring.edge_weight.push(1.0);
    ring.edge_confidence.push(1.0);
    let wasm = wasm::stages();
    for (graph, name) in [(graph, "chain"), (ring, "ring")] {
        assert_same(&wasm.communities(&graph).unwrap(), &Native.communities(&graph).unwrap(), name);
        let cycles = wasm.cycles(&graph).unwrap();
        assert_same(&cycles, &Native.cycles(&graph).unwrap(), name);
        assert_eq!(cycles.shortest.len(), if name == "ring" { files as usize } else { 0 });
        let query = RankQuery { strategy: Strategy::Betweenness, ..RankQuery::default() };
        assert_same(&wasm.rank(&graph, &query).unwrap(), &Native.rank(&graph, &query).unwrap(), name);
    }
}

fn compare_ranks(wasm: &Runtime, graph: &RepositoryGraph, name: &str) {
    let mentioned = vec![graph.names.get(graph.names.len() / 2).unwrap().to_owned()];
    let files = graph.files.len() as u32;
    let kept = wasm.keep(graph).unwrap();
    for profile in [Profile::Default, Profile::Classic] {
        for strategy in [Strategy::Pagerank, Strategy::Degree, Strategy::Betweenness] {
            let plain = RankQuery { profile, strategy, ..RankQuery::default() };
            let personal = RankQuery {
                context: vec![files / 2],
                mentioned_files: vec![files - 1],
                mentioned_names: mentioned.clone(),
                definition_limit: 50,
                explain: (0..files).collect(),
                history: Some(history(graph)),
                ..plain.clone()
            };
            for query in [plain, personal] {
                let native = Native.rank(graph, &query).unwrap();
                for (wasm, how) in [(wasm.rank(graph, &query), "handed over"), (kept.rank(&query), "kept")] {
                    assert_same(&wasm.unwrap(), &native, &format!("{name}: ranks of a graph {how} for {query:?}"));
                }
            }
        }
    }
}

/// A commit for every three files that follow each other.
fn history(graph: &RepositoryGraph) -> History {
    let commits = graph.files.len() as u32 / 3;
    History {
        paths: graph.files.clone(),
        commit_ends: (1..=commits).map(|commit| commit * 3).collect(),
        commit_path: (0..commits * 3).collect(),
        commit_age: (0..commits).collect(),
        commit_size: vec![3; commits as usize],
    }
}

fn compare_hits(wasm: &impl Stages, tags: &[Tags], name: &str) {
    let mut index = SymbolIndex::default();
    for (file, tags) in tags.iter().enumerate() {
        index.push_file(file as u32, tags);
    }
    let mut found = 0;
    for query in ["new", "node", "Node", "edge in", "Graph::add", "nde"] {
        for (mode, limit) in [(SearchMode::Exact, 0), (SearchMode::Prefix, 20), (SearchMode::Fuzzy, 0)] {
            let hits = wasm.search(&index.names, query, mode, limit).unwrap();
            assert_eq!(hits, Native.search(&index.names, query, mode, limit).unwrap(), "{name}: {query} {mode:?}");
            found += hits.len();
        }
    }
    assert!(found > 100, "{name}: only {found} hits");
}

fn compare_maps(wasm: &impl Stages, paths: &Strings, tags: &[Tags], name: &str) {
    let files: Vec<FileLines> = paths.iter().zip(tags).map(|(path, tags)| outline(path, tags).lines).collect();
    let mut entries = Entries::default();
    for (file, lines) in (0u32..).zip(&files) {
        // Every other line first, then the rest: lines come in between others that are there.
        let count = lines.line.len() as u32;
        for line in (0..=count).step_by(2).chain((1..=count).step_by(2)) {
            entries.file.push(file);
            entries.line.push(line);
        }
    }
    for tokenizer in [Tokenizer::O200k, Tokenizer::Cl100k, Tokenizer::Chars] {
        for budget in [0, 50, 1_000, 10_000, u32::MAX] {
            for order in [MapOrder::Relevance, MapOrder::Path] {
                let options = RenderOptions { tokenizer, budget, order };
                let wasm = wasm.render(&files, &entries, options).unwrap();
                assert_same(&wasm, &Native.render(&files, &entries, options).unwrap(), &format!("{name}: {options:?}"));
            }
        }
    }
}

#[test]
fn the_programs_map_is_the_one_drawn_natively() {
    for name in CORPORA {
        let corpus = Corpus::of(name);
        let atlas = Atlas { stages: Native, cache: MemoryCache::default(), repository: "here".into() };
        let indexed = pollster::block_on(atlas.index(&corpus, &())).unwrap();
        let context = corpus.entries()[corpus.entries().len() / 2].path.clone();
        let sandbox = Sandbox::with(&[]);
        for (files, arguments) in [(vec![], vec![]), (vec![context.clone()], vec!["--context", &context])] {
            for (budget, fenced, format) in [(300, false, "text"), (4096, false, "text"), (20_000, true, "markdown")] {
                let context = Context { files: files.clone(), ..Context::default() };
                let request = MapRequest { context, budget, fenced, ..MapRequest::default() };
                let native = pollster::block_on(atlas.map(&indexed, &corpus, &request)).unwrap();
                let tokens = budget.to_string();
                let all = [&["--tokens", &tokens, "--format", format], arguments.as_slice()].concat();
                let printed = sandbox.run_on(corpus.root(), "map", &all).ok();
                assert!(
                    !printed.is_empty() && printed == native.text,
                    "{name}: {all:?}\n{printed}\n---\n{}",
                    native.text
                );
            }
        }
    }
}
