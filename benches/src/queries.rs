//! What one question to the ranker costs, over a graph that is at hand.

use anyhow::{Context, Result};
use astlas_atlas::ports::Stages;
use astlas_engine::Runtime;
use astlas_model::stages::{Profile, RankQuery, Strategy};

use crate::{
    corpora,
    measure::{Runs, thread_seconds},
    report::{row, runs, table},
    sources::Names,
    startup,
};

pub fn bench(rounds: u32) -> Result<()> {
    let columns = ["corpus", "files", "edges", "question", "CPU"];
    table("Questions to the ranker, as a component, copies into it and out of it included", &columns);
    let runtime = Runtime::new(startup::artifacts()?, None, 1)?;
    for corpus in [corpora::django()?, corpora::many()?] {
        let Names { paths, files } = Names::of(&corpus, &runtime)?;
        let graph = runtime.build_graph(&paths, files)?.graph;
        let edited = graph.files.iter().position(|path| path.ends_with("django/db/models/query.py"));
        let context = vec![edited.context("no django/db/models/query.py")? as u32];
        let all = RankQuery { files_only: true, ..RankQuery::default() };
        let personalised = RankQuery { context, ..all.clone() };
        let questions = [
            ("PageRank of all files", all.clone()),
            ("files for one context file", personalised.clone()),
            ("files and all definitions for it", RankQuery { files_only: false, ..personalised.clone() }),
            ("`classic`: files for it", RankQuery { profile: Profile::Classic, ..personalised }),
            ("degree", RankQuery { strategy: Strategy::Degree, ..all.clone() }),
            ("betweenness", RankQuery { strategy: Strategy::Betweenness, ..all }),
        ];
        for (question, query) in questions {
            let mut figures = Runs::default();
            for _ in 0..rounds {
                let (seconds, ranked) = thread_seconds(|| runtime.rank(&graph, &query));
                ranked?;
                figures.push(seconds);
            }
            let [files, edges] = [graph.files.len(), graph.edge_source.len()].map(|count| count.to_string());
            row(&[corpus.name.into(), files, edges, question.into(), runs(&figures, 1e3, "ms")]);
        }
    }
    Ok(())
}
