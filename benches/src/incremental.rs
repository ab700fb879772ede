//! New ranks after one file was edited: the graph updated and the walk gone on, beside both from scratch.

use anyhow::{Context, Result, ensure};
use astlas_atlas::{
    file_names,
    ports::{Source, Stages},
};
use astlas_engine::Runtime;
use astlas_model::{Detector, Strings, stages::RankQuery};

use crate::{
    corpora,
    measure::{Runs, thread_seconds},
    report::{row, runs, table},
    sources::files,
    startup,
};

/// What is edited: files that few others use, and many.
const EDITED: [&str; 3] = ["django/http/request.py", "django/utils/text.py", "django/db/models/query.py"];

/// What the edit adds: a definition, and references to names that others define.
const ADDED: &str = "\n\ndef quite_new(request):\n    return get_object_or_404(request, slugify(request))\n";

/// The CPU time of one way.
#[derive(Default)]
struct Times {
    graph: Runs,
    ranks: Runs,
    both: Runs,
}

impl Times {
    fn push(&mut self, graph: f64, ranks: f64) {
        self.graph.push(graph);
        self.ranks.push(ranks);
        self.both.push(graph + ranks);
    }
}

pub fn bench(rounds: u32) -> Result<()> {
    let corpus = corpora::django()?;
    let runtime = Runtime::new(startup::artifacts()?, None, 1)?;
    let detector = Detector::new(runtime.languages()?);
    let (paths, sources): (Vec<String>, Vec<Source>) = files(&corpus, &runtime)?.into_iter().unzip();
    let names_of = |sources: &[Source]| -> Result<Vec<_>> {
        let tags = runtime.parse(sources.to_vec())?;
        Ok(tags.iter().map(|tags| file_names(tags, detector.language(&tags.language))).collect())
    };
    let mut names = names_of(&sources)?;
    let all: Strings = paths.iter().collect();
    let query = RankQuery { files_only: true, ..RankQuery::default() };
    let before = runtime.build_graph(&all, names.clone())?;
    let settled = runtime.rank(&before.graph, &query)?.settled;
    let on = RankQuery { before: settled, ..query.clone() };

    let title = format!("New ranks after an edit: {}, {} files", corpus.name, paths.len());
    table(&title, &["edited file", "way", "graph", "ranks", "both"]);
    for edited in EDITED {
        let at = paths.iter().position(|path| path.ends_with(edited)).with_context(|| format!("no {edited}"))?;
        let source = Source { text: format!("{}{ADDED}", sources[at].text), ..sources[at].clone() };
        let file = names_of(&[source])?.remove(0);
        let unedited = std::mem::replace(&mut names[at], file.clone());
        let path: Strings = [&paths[at]].into_iter().collect();
        let (mut update, mut anew) = (Times::default(), Times::default());
        for _ in 0..rounds {
            // What goes in is copied before the clock starts: a service holds it, and gives it away.
            let (built, changed) = (before.clone(), vec![file.clone()]);
            let (graph, updated) = thread_seconds(|| runtime.update_graph(built, &Strings::default(), &path, changed));
            let updated = updated?;
            let (ranks, ranked) = thread_seconds(|| runtime.rank(&updated.graph, &on));
            ranked?;
            update.push(graph, ranks);

            let given = names.clone();
            let (graph, built) = thread_seconds(|| runtime.build_graph(&all, given));
            let built = built?;
            ensure!(built == updated, "{edited}: an update is not what a build is");
            let (ranks, ranked) = thread_seconds(|| runtime.rank(&built.graph, &query));
            ranked?;
            anew.push(graph, ranks);
        }
        for (way, times) in [("updated", update), ("from scratch", anew)] {
            let figure = |figures: &Runs| runs(figures, 1e3, "ms");
            row(&[edited.into(), way.into(), figure(&times.graph), figure(&times.ranks), figure(&times.both)]);
        }
        names[at] = unedited;
    }
    Ok(())
}
