//! Where the walk starts and returns to.

use std::collections::BTreeSet;

use astlas_model::RepositoryGraph;

use crate::RankQuery;

/// The share of each file, summing to 1 over the files that take part; all 0 if none does.
///
/// A context file and a mentioned file count 1, a file that is both still 1; a path that contains a mentioned name adds
/// 1 to either, however many names it contains. (The established method counts 100 / number of files: the factor goes
/// away when the shares are made to sum to 1.) Where this leaves nothing, because nothing was asked for or because what
/// was asked for takes no part, all files that take part share alike.
pub fn shares(graph: &RepositoryGraph, query: &RankQuery, takes_part: &[bool]) -> Vec<f64> {
    let mut shares = vec![0.0; graph.files.len()];
    for &file in query.context.iter().chain(&query.mentioned_files) {
        shares[file as usize] = 1.0;
    }
    let names: BTreeSet<&str> = query.mentioned_names.iter().map(String::as_str).collect();
    if !names.is_empty() {
        for (share, path) in shares.iter_mut().zip(graph.files.iter()) {
            if path_contains(path, &names) {
                *share += 1.0;
            }
        }
    }
    for (share, &takes_part) in shares.iter_mut().zip(takes_part) {
        if !takes_part {
            *share = 0.0;
        }
    }
    if shares.iter().all(|&share| share == 0.0) {
        shares = takes_part.iter().map(|&takes_part| f64::from(u8::from(takes_part))).collect();
    }
    let sum: f64 = shares.iter().sum();
    if sum > 0.0 {
        shares.iter_mut().for_each(|share| *share /= sum);
    }
    shares
}

/// Whether a folder of the path, its file name, or its file name without the extension is one of the names.
pub fn path_contains(path: &str, names: &BTreeSet<&str>) -> bool {
    let file_name = path.rsplit('/').next().unwrap_or(path);
    path.split('/').any(|part| names.contains(part)) || names.contains(without_extension(file_name))
}

/// A file name up to its last dot; dots at its beginning belong to the name.
fn without_extension(file_name: &str) -> &str {
    let visible = file_name.trim_start_matches('.');
    match visible.rfind('.') {
        Some(dot) => &file_name[..file_name.len() - visible.len() + dot],
        None => file_name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph() -> RepositoryGraph {
        let files = ["app/main.py", "app/views.py", "docs/app.md", "tests/test_app.py"];
        RepositoryGraph { files: files.iter().collect(), ..RepositoryGraph::default() }
    }

    fn query(context: &[u32], mentioned_files: &[u32], mentioned_names: &[&str]) -> RankQuery {
        RankQuery {
            context: context.into(),
            mentioned_files: mentioned_files.into(),
            mentioned_names: mentioned_names.iter().map(ToString::to_string).collect(),
            ..RankQuery::default()
        }
    }

    #[test]
    fn context_and_mention_count_once_and_a_path_adds_to_them() {
        let shares = |query: RankQuery| shares(&graph(), &query, &[true; 4]);
        assert_eq!(shares(query(&[0, 0], &[0, 1], &[])), [0.5, 0.5, 0.0, 0.0]);
        // `app` is a folder of the first two and the file name of the third; two names in one path add no more.
        assert_eq!(shares(query(&[0], &[], &["app", "main", "main.py"])), [0.5, 0.25, 0.25, 0.0]);
        assert_eq!(shares(query(&[], &[], &["test_app"])), [0.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn all_share_alike_where_nothing_is_left() {
        let graph = graph();
        assert_eq!(shares(&graph, &query(&[], &[], &["App", "p", "py"]), &[true; 4]), [0.25; 4]);
        assert_eq!(shares(&graph, &query(&[3], &[], &[]), &[true, true, false, false]), [0.5, 0.5, 0.0, 0.0]);
        assert_eq!(shares(&graph, &query(&[3], &[], &[]), &[false; 4]), [0.0; 4]);
    }

    #[test]
    fn extensions_follow_the_last_dot_that_is_not_a_first_one() {
        let cases = [
            ("a.py", "a"),
            ("a.tar.gz", "a.tar"),
            (".env", ".env"),
            ("..x.y", "..x"),
            ("a.", "a"),
            ("é.é", "é"),
            ("", ""),
        ];
        for (file_name, stem) in cases {
            assert_eq!(without_extension(file_name), stem);
        }
    }
}
