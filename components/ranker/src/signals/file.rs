//! What a file is by itself.

use astlas_model::{FileMarks, RepositoryGraph};

use super::logarithms_of_greatest;

/// Whether its language is of a context file's family.
pub fn family(graph: &RepositoryGraph, context: &[u32]) -> Vec<f64> {
    let mut families = vec![false; graph.families.len()];
    context.iter().for_each(|&file| families[graph.file_family[file as usize] as usize] = true);
    graph.file_family.iter().map(|&family| one_if(families[family as usize])).collect()
}

/// How long it is.
pub fn size(graph: &RepositoryGraph) -> Vec<f64> {
    logarithms_of_greatest(graph.file_lines.iter().map(|&lines| f64::from(lines)))
}

/// Somebody else's code.
pub fn vendored(graph: &RepositoryGraph) -> Vec<f64> {
    marked(graph, |marks| marks.vendored)
}

/// Written by a program.
pub fn generated(graph: &RepositoryGraph) -> Vec<f64> {
    marked(graph, |marks| marks.generated)
}

/// Squeezed together.
pub fn minified(graph: &RepositoryGraph) -> Vec<f64> {
    marked(graph, |marks| marks.minified)
}

/// Input or output of a test.
pub fn fixture(graph: &RepositoryGraph) -> Vec<f64> {
    marked(graph, |marks| marks.fixture)
}

/// Read, not run.
pub fn document(graph: &RepositoryGraph) -> Vec<f64> {
    marked(graph, |marks| marks.document)
}

fn marked(graph: &RepositoryGraph, is: impl Fn(&FileMarks) -> bool) -> Vec<f64> {
    graph.file_marks.iter().map(|marks| one_if(is(marks))).collect()
}

fn one_if(condition: bool) -> f64 {
    f64::from(u8::from(condition))
}
