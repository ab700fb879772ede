//! Which file a name means: what speaks for each of those that define it.

#![expect(clippy::expect_used, reason = "a test may end there")]

use std::collections::BTreeMap;

use astlas_graph::{FileNames, build};
use astlas_model::{FileMarks, RepositoryGraph};

/// A file: path, names defined, names referenced, imports (module and name).
struct File {
    path: &'static str,
    names: FileNames,
}

fn file(path: &'static str, defined: &[&str], referenced: &[&str], imports: &[(&str, &str)]) -> File {
    let names = FileNames {
        names: defined.iter().chain(referenced).collect(),
        definitions: (0..defined.len() as u32).collect(),
        references: (defined.len() as u32..).take(referenced.len()).collect(),
        import_path: imports.iter().map(|(path, _)| path).collect(),
        import_name: imports.iter().map(|(_, name)| name).collect(),
        family: path.rsplit('.').next().expect("an extension").into(),
        lines: 7,
        ..FileNames::default()
    };
    File { path, names }
}

fn graph(files: Vec<File>) -> RepositoryGraph {
    let paths = files.iter().map(|file| file.path).collect();
    let names: Vec<_> = files.into_iter().map(|file| file.names).collect();
    let graph = build(&paths, &names).expect("sound columns").graph;
    assert_eq!(graph.fault(), None);
    graph
}

/// Confidence of each edge, by the paths of its ends.
fn confidences(graph: &RepositoryGraph) -> BTreeMap<(String, String), f64> {
    let path = |file: u32| graph.files.get(file as usize).expect("a file").to_owned();
    let pairs = graph.edges().zip(&graph.edge_confidence);
    pairs.map(|((source, target, _), &sure)| ((path(source), path(target)), sure)).collect()
}

fn confidence(graph: &RepositoryGraph, source: &str, target: &str) -> f64 {
    confidences(graph).get(&(source.to_owned(), target.to_owned())).copied().unwrap_or(0.0)
}

#[test]
fn an_import_says_which_of_many_is_meant() {
    let definers = || vec![file("a/run.py", &["run"], &[], &[]), file("b/run.py", &["run"], &[], &[])];
    let using = |imports| definers().into_iter().chain([file("c/main.py", &[], &["run"], imports)]).collect();
    let plain = graph(using(&[]));
    assert_eq!(confidence(&plain, "c/main.py", "a/run.py"), confidence(&plain, "c/main.py", "b/run.py"));
    let by_name = graph(using(&[("b.run", "run")]));
    assert!(confidence(&by_name, "c/main.py", "b/run.py") > 0.8);
    assert!(confidence(&by_name, "c/main.py", "a/run.py") < 0.05);
}

#[test]
fn a_module_passes_on_what_it_imports() {
    let files = |through: &[(&str, &str)]| {
        graph(vec![
            file("lib/index.ts", &[], &[], &[("./deep/shape", "Shape")]),
            file("lib/deep/shape.ts", &["Shape"], &[], &[]),
            file("old/shape.ts", &["Shape"], &[], &[]),
            file("app/main.ts", &[], &["Shape"], through),
        ])
    };
    let through = files(&[("../lib", "Shape")]);
    let direct = files(&[]);
    let of = |graph: &RepositoryGraph| confidence(graph, "app/main.ts", "lib/deep/shape.ts");
    assert!(of(&through) > 2.0 * of(&direct), "{} {}", of(&through), of(&direct));
    assert!(confidence(&through, "app/main.ts", "lib/index.ts") >= 0.9, "the import itself");
}

#[test]
fn another_language_is_never_meant() {
    let graph = graph(vec![file("a.rb", &["run"], &[], &[]), file("b.py", &[], &["run"], &[("a", "run")])]);
    assert_eq!(graph.edges().count(), 0);
    assert_eq!(graph.families.iter().collect::<Vec<_>>(), ["py", "rb"]);
}

#[test]
fn what_is_not_exported_is_less_likely_meant() {
    let exporting = |exports: Vec<u32>| {
        let mut exporter = file("a/x.ts", &["run", "other"], &[], &[]);
        exporter.names.exports = exports;
        let graph = graph(vec![exporter, file("b/y.ts", &["run"], &[], &[]), file("c/z.ts", &[], &["run"], &[])]);
        confidence(&graph, "c/z.ts", "a/x.ts")
    };
    assert!(exporting(vec![1]) < exporting(vec![0]));
    assert_eq!(exporting(vec![]), exporting(vec![0]), "a file that exports nothing by that word says nothing");
}

#[test]
fn a_name_that_very_many_define_says_nothing_by_itself() {
    let paths: Vec<&'static str> = (0..40).map(|at| &*format!("d{at}/a.py").leak()).collect();
    let mut files: Vec<File> = paths.iter().map(|path| file(path, &["get"], &[], &[])).collect();
    files.push(file("main.py", &[], &["get"], &[("d7.a", "get")]));
    let graph = graph(files);
    assert_eq!(confidences(&graph).into_keys().collect::<Vec<_>>(), [("main.py".to_owned(), "d7/a.py".to_owned())]);
}

#[test]
fn lines_marks_and_words_are_those_of_the_files() {
    let mut generated = file("a.py", &["parse_HTMLPage"], &["x"], &[]);
    generated.names.marks.generated = true;
    let graph = graph(vec![generated, file("tests/test_a.py", &[], &["getPage"], &[])]);
    assert_eq!(graph.file_lines, [7, 7]);
    let generated = FileMarks { generated: true, ..FileMarks::default() };
    assert_eq!(graph.file_marks, [generated, FileMarks { test: true, ..FileMarks::default() }]);
    let words: Vec<_> =
        graph.words.iter().enumerate().map(|(at, word)| (word, graph.containers(at).to_vec())).collect();
    assert_eq!(words, [("get", vec![1]), ("html", vec![0]), ("page", vec![0, 1]), ("parse", vec![0])]);
}
