//! Betweenness, weighted degree, communities and cycles of real repositories equal NetworkX's, or come close where that
//! draws lots. The program's answers are compared; the graph's edges come from the stages as plain code.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test relies on may stop it")]

#[path = "../parity/corpus.rs"]
mod corpus;
#[path = "../parity/native.rs"]
mod native;

use std::collections::BTreeMap;

use astlas_atlas::{Atlas, memory::MemoryCache};
use astlas_tests::{Sandbox, crate_source, networkx, networkx_source};
use serde_json::{Value, json};

use corpus::Corpus;
use native::Native;

/// Largest difference allowed between two measures.
const TOLERANCE: f64 = 1e-9;

/// Part of the modularity that NetworkX's search reaches at best which ours must reach.
const AS_GOOD: f64 = 0.98;

/// How often NetworkX's search draws its lots.
const SEEDS: u32 = 5;

#[test]
fn measures_equal_networkx_on_three_corpora() {
    let folders = [crate_source("petgraph"), crate_source("tree-sitter"), networkx_source().join("algorithms")];
    for folder in folders {
        let name = folder.display().to_string();
        let sandbox = Sandbox::with(&[]);
        let corpus = Corpus::at(folder.clone());
        let run = |command: &str, arguments: &[&str]| {
            let all = [arguments, &["--limit", "0", "--format", "json"]].concat();
            sandbox.run_on(&folder, command, &all).json()
        };
        let atlas = Atlas { stages: Native, cache: MemoryCache::default(), repository: "here".into() };
        let graph = pollster::block_on(atlas.index(&corpus, &())).unwrap().snapshot.graph;
        let index: BTreeMap<&str, usize> = graph.files.iter().zip(0..).collect();
        let numbers = |files: &Value| -> Vec<usize> {
            files.as_array().unwrap().iter().map(|file| index[file.as_str().unwrap()]).collect()
        };

        let communities = run("communities", &[]);
        let grouped: Vec<Vec<usize>> =
            communities["communities"].as_array().unwrap().iter().map(|one| numbers(&one["files"])).collect();
        let edges: Vec<_> = graph.edges().collect();
        let case = json!({ "files": index.len(), "edges": edges, "communities": grouped, "seeds": SEEDS });
        let expected = networkx("measures.py", &[case]).remove(0);

        for strategy in ["betweenness", "degree"] {
            let ranks = run("rank", &["--strategy", strategy]);
            assert_eq!(ranks.as_array().unwrap().len(), index.len(), "{name}");
            for row in ranks.as_array().unwrap() {
                let (file, score) = (row["file"].as_str().unwrap(), row["score"].as_f64().unwrap());
                let expected = expected[strategy][index[file]].as_f64().unwrap();
                // Degrees are not between 0 and 1, and sums of many weights.
                let allowed = TOLERANCE * expected.max(1.0);
                assert!((score - expected).abs() < allowed, "{name}: {strategy} of {file}: {score}, not {expected}");
            }
        }

        let modularity = communities["modularity"].as_f64().unwrap();
        let [judged, best] = ["modularity", "louvain"].map(|key| expected[key].as_f64().unwrap());
        println!("{name}: modularity {modularity:.6}, by NetworkX at best {best:.6}");
        assert!((modularity - judged).abs() < TOLERANCE, "{name}: modularity {modularity}, not {judged}");
        assert!(modularity >= AS_GOOD * best, "{name}: modularity {modularity}, but {best} by NetworkX");

        let cycles = run("cycles", &[]);
        let parts: Vec<Vec<usize>> = cycles.as_array().unwrap().iter().map(|cycle| numbers(&cycle["files"])).collect();
        assert_eq!(json!(parts), expected["cycles"], "{name}");
        let ties: BTreeMap<(usize, usize), f64> =
            edges.iter().map(|&(source, target, weight)| ((source as usize, target as usize), weight)).collect();
        for (cycle, girth) in cycles.as_array().unwrap().iter().zip(expected["girths"].as_array().unwrap()) {
            let way = numbers(&cycle["shortest"]);
            assert_eq!(json!(way.len()), *girth, "{name}: {cycle}");
            let next = way.iter().cycle().skip(1);
            assert!(way.iter().zip(next).all(|(&one, &next)| ties.contains_key(&(one, next))), "{name}: {cycle}");
        }
    }
}
