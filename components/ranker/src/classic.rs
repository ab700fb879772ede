//! The established method, as aider made it known: who references a name votes for who defines it.
//!
//! A use weighs √(number of references), times the name's multiplier, times 50 if the referencing file is in the
//! context. A file may vote for itself. A name that nobody references keeps a little of its file's rank at home. In a
//! repository without any reference at all, every definition counts as one. The walk starts at the files the query
//! points to.
//!
//! One point differs on purpose: aider takes the root of a count anew for every definer it visits, in an order that
//! changes from run to run, so that later definers receive less. Here each definer receives √(number of references).

use std::collections::BTreeSet;

use astlas_model::RepositoryGraph;

use crate::{
    RankQuery, Scores, start,
    walk::{Parts, Walk},
    weight::multiplier,
};

/// A use in a file of the context.
const CONTEXT: f64 = 50.0;
/// A definition that nobody references, seen from its own file.
const IDLE: f64 = 0.1;

/// The ranks of the classic profile.
pub fn scores(graph: &RepositoryGraph, query: &RankQuery) -> Scores {
    let definitions = Parts { ends: &graph.definition_ends, file: &graph.definition_file };
    let unused = graph.reference_file.is_empty() && graph.unresolved_references == 0;
    let (references, counts) = if unused {
        (definitions, vec![1; graph.definition_file.len()])
    } else {
        (Parts { ends: &graph.reference_ends, file: &graph.reference_file }, graph.reference_count.clone())
    };
    let weights = weights(graph, query, references, &counts);
    let walk = Walk::new(graph.files.len(), definitions, references, weights, IDLE);
    let settled = walk.settle(&start::shares(graph, query, &walk.takes_part()), &query.before);
    Scores {
        settled: settled.files.clone(),
        files: settled.files,
        definitions: if query.files_only { vec![] } else { settled.definitions },
        iterations: settled.rounds,
        ..Scores::default()
    }
}

/// The weight of each reference towards each definer of its name.
fn weights(graph: &RepositoryGraph, query: &RankQuery, references: Parts<'_>, counts: &[u32]) -> Vec<f64> {
    let mentioned: BTreeSet<&str> = query.mentioned_names.iter().map(String::as_str).collect();
    let mut of_file = vec![1.0; graph.files.len()];
    query.context.iter().for_each(|&file| of_file[file as usize] = CONTEXT);
    let mut weights = Vec::with_capacity(references.file.len());
    for (index, (name, referencers)) in graph.names.iter().zip(references.ranges()).enumerate() {
        let of_name = multiplier(name, mentioned.contains(name), graph.definers(index).len());
        for reference in referencers {
            let of_file = of_file[references.file[reference] as usize];
            weights.push(of_name * of_file * f64::from(counts[reference]).sqrt());
        }
    }
    weights
}
