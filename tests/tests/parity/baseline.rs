//! Components compiled for a level of processors, instead of the one at hand.

use astlas_atlas::{Atlas, map::MapRequest, memory::MemoryCache, ports::Stages};
use astlas_engine::{Artifact, Artifacts, Baseline, Runtime, config};

use crate::{corpus::Corpus, native::Native, wasm};

/// A stage for the level, and nothing that it could be compiled from again.
fn compiled(artifact: &Artifact, baseline: Baseline) -> Artifact {
    let component = zstd::decode_all(artifact.component).unwrap();
    let code = baseline.compile(config::stages(1), &component).unwrap();
    assert!(baseline.loads(config::stages(1), &code).unwrap(), "{} needs more than {baseline:?}", artifact.name);
    Artifact { component: &[], compiled: zstd::encode_all(code.as_slice(), 1).unwrap().leak(), ..*artifact }
}

fn map(stages: impl Stages, corpus: &Corpus) -> String {
    let atlas = Atlas { stages, cache: MemoryCache::default(), repository: "here".into() };
    let indexed = pollster::block_on(atlas.index(corpus, &())).unwrap();
    let request = MapRequest { budget: 4096, ..MapRequest::default() };
    pollster::block_on(atlas.map(&indexed, corpus, &request)).unwrap().text
}

#[test]
fn the_lowest_level_of_processors_gives_the_same_map() {
    let (here, level) = (wasm::artifacts(), Baseline::V2);
    let [parser, graph, ranker, repomap, symbols] = here.all().map(|artifact| compiled(artifact, level));
    let runtime = Runtime::new(Artifacts { parser, graph, ranker, repomap, symbols }, None, 0).unwrap();
    let corpus = Corpus::of("petgraph");
    let drawn = map(runtime, &corpus);
    assert!(drawn.lines().count() > 50, "{drawn}");
    assert_eq!(drawn, map(Native, &corpus));
}

#[test]
fn a_processor_refuses_code_of_a_higher_level() {
    let graph = zstd::decode_all(wasm::artifacts().graph.component).unwrap();
    let code = Baseline::ALL.map(|baseline| baseline.compile(config::stages(1), &graph).unwrap());
    let loads = Baseline::ALL.map(|on| code.each_ref().map(|code| on.loads(config::stages(1), code).unwrap()));
    assert_eq!(loads, [[true, false], [true, true]], "rows: the processor; columns: the code");
}
