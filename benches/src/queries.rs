//! What one question to the ranker costs, over a graph that is at hand.

use anyhow::{Context, Result, ensure};
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
    let columns = ["corpus", "files", "edges", "question", "graph handed over", "graph kept"];
    table("Questions to the ranker as a component: CPU", &columns);
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
        let kept = runtime.keep(&graph)?;
        for (question, query) in questions {
            let (mut handed_over, mut at_hand) = (Runs::default(), Runs::default());
            for _ in 0..rounds {
                let (seconds, ranked) = thread_seconds(|| runtime.rank(&graph, &query));
                handed_over.push(seconds);
                let (seconds, same) = thread_seconds(|| kept.rank(&query));
                at_hand.push(seconds);
                ensure!(ranked? == same?, "{question}: a graph that is kept ranks otherwise");
            }
            let [files, edges] = [graph.files.len(), graph.edge_source.len()].map(|count| count.to_string());
            let figure = |figures: &Runs| runs(figures, 1e3, "ms");
            row(&[corpus.name.into(), files, edges, question.into(), figure(&handed_over), figure(&at_hand)]);
        }
    }
    Ok(())
}
