//! The default profile: each signal does what it is for, alone and under the context it needs.

use std::collections::BTreeMap;

use astlas_graph::FileNames;
use astlas_model::{
    FileMarks, History, RepositoryGraph,
    stages::{Contribution, Signal},
};
use astlas_ranker::{RankError, RankQuery, Ranks, rank};

/// Path, names defined, names referenced.
type File<'a> = (&'a str, &'a [&'a str], &'a [&'a str]);

fn graph(files: &[File<'_>]) -> RepositoryGraph {
    let names: Vec<FileNames> = files
        .iter()
        .map(|(path, defined, referenced)| FileNames {
            names: defined.iter().chain(*referenced).collect(),
            definitions: (0..defined.len() as u32).collect(),
            references: (defined.len() as u32..).take(referenced.len()).collect(),
            family: path.rsplit('.').next().expect("an extension").into(),
            lines: 10,
            marks: FileMarks { document: path.ends_with("md"), ..FileMarks::default() },
            ..FileNames::default()
        })
        .collect();
    astlas_graph::build(&files.iter().map(|(path, ..)| path).collect(), &names).expect("sound columns").graph
}

fn at(graph: &RepositoryGraph, path: &str) -> u32 {
    graph.files.iter().position(|file| file == path).expect("a file") as u32
}

fn ranks(graph: &RepositoryGraph, query: RankQuery) -> Ranks {
    rank(graph, &query).expect("a sound graph")
}

/// What each signal says of a file, for a context.
fn signals(graph: &RepositoryGraph, context: &str, file: &str, history: Option<History>) -> BTreeMap<Signal, f64> {
    let query = RankQuery {
        context: vec![at(graph, context)],
        explain: vec![at(graph, file)],
        history,
        ..RankQuery::default()
    };
    ranks(graph, query).contributions.iter().map(|one| (one.signal, one.value)).collect()
}

#[test]
fn both_directions_of_a_use_speak_for_a_file() {
    let graph = graph(&[("a/x.py", &["run"], &[]), ("b/y.py", &["main"], &["run"]), ("c/z.py", &[], &["main"])]);
    assert_eq!(signals(&graph, "b/y.py", "a/x.py", None)[&Signal::Uses], 1.0);
    assert_eq!(signals(&graph, "a/x.py", "b/y.py", None)[&Signal::UsedBy], 1.0);
    let over_one = signals(&graph, "a/x.py", "c/z.py", None);
    assert!(over_one[&Signal::Reach] > 0.0 && !over_one.contains_key(&Signal::UsedBy), "{over_one:?}");
}

#[test]
fn a_test_and_its_subject_a_header_and_its_source_are_counterparts() {
    let graph = graph(&[
        ("src/parse.c", &["a"], &[]),
        ("src/parse.h", &["b"], &[]),
        ("tests/test_parse.c", &["c"], &[]),
        ("src/other.c", &["d"], &[]),
    ]);
    let counterpart = |file| signals(&graph, "src/parse.c", file, None).contains_key(&Signal::Counterpart);
    assert!(counterpart("src/parse.h") && counterpart("tests/test_parse.c") && !counterpart("src/other.c"));
}

#[test]
fn words_paths_and_folders_in_common_count_by_rarity() {
    let graph = graph(&[
        ("net/http/client.py", &["open_socket"], &["get"]),
        ("net/http/server.py", &["close_socket"], &["get"]),
        ("ui/window.py", &["paint"], &["get"]),
        ("ui/button.py", &["press"], &["get"]),
    ]);
    let near = signals(&graph, "net/http/client.py", "net/http/server.py", None);
    let far = signals(&graph, "net/http/client.py", "ui/window.py", None);
    for signal in [Signal::Words, Signal::Path, Signal::Folder] {
        assert!(near[&signal] > far.get(&signal).copied().unwrap_or(0.0), "{signal:?}: {near:?} {far:?}");
    }
}

fn history(commits: &[(&[&str], u32)]) -> History {
    let mut paths: Vec<&str> = commits.iter().flat_map(|(paths, _)| *paths).copied().collect();
    paths.sort_unstable();
    paths.dedup();
    let mut history = History { paths: paths.iter().collect(), ..History::default() };
    for (age, (changed, size)) in commits.iter().enumerate() {
        let mut places: Vec<u32> =
            changed.iter().map(|path| paths.iter().position(|other| other == path).expect("a path") as u32).collect();
        places.sort_unstable();
        history.commit_path.extend(places);
        history.commit_ends.push(history.commit_path.len() as u32);
        history.commit_age.push(age as u32);
        history.commit_size.push(*size);
    }
    history
}

#[test]
fn what_changed_together_comes_first_and_large_commits_say_nothing() {
    let names: &[&str] = &["x"];
    let graph = graph(&[("a.py", &["p"], names), ("b.py", &["q"], names), ("c.py", &["r"], names)]);
    let pair = history(&[(&["a.py", "b.py"], 2), (&["a.py", "gone.py", "b.py"], 3), (&["c.py"], 1)]);
    let with = signals(&graph, "a.py", "b.py", Some(pair.clone()));
    assert!(with[&Signal::ChangedTogether] > 0.9 && with[&Signal::ChangeReach] > 0.5, "{with:?}");
    let other = signals(&graph, "a.py", "c.py", Some(pair));
    assert!(!other.contains_key(&Signal::ChangedTogether), "{other:?}");
    let all = history(&[(&["a.py", "b.py", "c.py"], 10_000)]);
    let of_storm = signals(&graph, "a.py", "b.py", Some(all));
    assert!(!of_storm.contains_key(&Signal::ChangedTogether), "{of_storm:?}");
    let mut broken = history(&[(&["a.py"], 1)]);
    broken.commit_path[0] = 9;
    let query = RankQuery { context: vec![0], history: Some(broken), ..RankQuery::default() };
    assert!(matches!(rank(&graph, &query), Err(RankError::Corrupt(_))));
}

#[test]
fn what_nobody_wrote_here_comes_behind() {
    let graph = graph(&[
        ("lib/a.py", &["run"], &["go"]),
        ("lib/vendor/b.py", &["run2"], &["go"]),
        ("lib/gen/c.py", &["run3"], &["go"]),
        ("lib/d.min.py", &["run4"], &["go"]),
        ("lib/e.py", &["go"], &[]),
        ("lib/notes.md", &[], &["go"]),
    ]);
    for context in [vec![], vec![at(&graph, "lib/e.py")]] {
        let files = ranks(&graph, RankQuery { context, ..RankQuery::default() }).files;
        let score = |path| files[at(&graph, path) as usize];
        for behind in ["lib/vendor/b.py", "lib/gen/c.py", "lib/d.min.py", "lib/notes.md"] {
            assert!(score("lib/a.py") > 1.5 * score(behind), "{behind}: {files:?}");
        }
    }
}

#[test]
fn a_mention_puts_a_file_and_a_definition_first() {
    let graph =
        graph(&[("a.py", &["alpha", "beta"], &[]), ("b.py", &["gamma"], &["alpha"]), ("c.py", &["delta"], &[])]);
    let query = RankQuery { mentioned_names: vec!["delta".into(), "beta".into()], ..RankQuery::default() };
    let found = ranks(&graph, query);
    assert!(found.files[2] > found.files[1] && found.files[0] > found.files[1], "{:?}", found.files);
    let name = |at: usize| graph.names.get(found.definition_name[at] as usize).expect("a name");
    assert!(["delta", "beta"].contains(&name(0)) && ["delta", "beta"].contains(&name(1)));
}

#[test]
fn scores_are_shares_and_contributions_make_them_up() {
    let graph = graph(&[
        ("a/x.py", &["run"], &["stop"]),
        ("a/y.py", &["stop"], &["run"]),
        ("b/x.py", &["wait"], &["run", "run"]),
        ("b/z.rb", &["wait"], &["run"]),
    ]);
    let query = RankQuery { context: vec![0], explain: vec![1, 2, 3], ..RankQuery::default() };
    let found = ranks(&graph, query);
    assert!((found.files[1..].iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert_eq!(found.files[0], 1.0);
    let sum = |file: u32| {
        let of = |one: &&Contribution| one.file == file;
        found.contributions.iter().filter(of).map(|one| one.amount).sum::<f64>()
    };
    for file in [2, 3] {
        let by_amounts = (sum(file) - sum(1)).exp();
        let by_scores = found.files[file as usize] / found.files[1];
        assert!((by_amounts / by_scores - 1.0).abs() < 1e-9, "{by_amounts} {by_scores}");
    }
    for file in 0..3 {
        let places = found.definition_file.iter().zip(&found.definition_score);
        let of_definitions: f64 = places.filter(|(of, _)| **of == file).map(|(_, score)| score).sum();
        assert!((of_definitions - found.files[file as usize]).abs() < 1e-12);
    }
}

#[test]
fn graphs_of_nothing_of_one_file_and_of_vendored_files_alone_have_ranks() {
    assert_eq!(ranks(&RepositoryGraph::default(), RankQuery::default()).files, [0.0; 0]);
    let one = graph(&[("a.py", &["run"], &["run"])]);
    assert_eq!(ranks(&one, RankQuery::default()).files, [1.0]);
    assert_eq!(ranks(&one, RankQuery { context: vec![0, 0], ..RankQuery::default() }).files, [1.0]);
    let vendored = graph(&[("vendor/a.py", &["run"], &[]), ("vendor/b.py", &[], &["run"])]);
    let files = ranks(&vendored, RankQuery::default()).files;
    assert!((files.iter().sum::<f64>() - 1.0).abs() < 1e-12 && files[0] > files[1], "{files:?}");
}
