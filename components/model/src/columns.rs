//! The columns of a graph, listed once for all who pass one over a boundary.

/// A [`RepositoryGraph`](crate::RepositoryGraph) as another type with the same columns: that of a stage's bindings, or
/// back. A column that is not listed here does not compile.
#[macro_export]
macro_rules! convert_graph {
    ($graph:expr => $type:ty) => {{
        type Converted = $type;
        let graph = $graph;
        Converted {
            files: graph.files.into(),
            names: graph.names.into(),
            definition_ends: graph.definition_ends,
            definition_file: graph.definition_file,
            reference_ends: graph.reference_ends,
            reference_file: graph.reference_file,
            reference_count: graph.reference_count,
            unresolved_references: graph.unresolved_references,
            edge_source: graph.edge_source,
            edge_target: graph.edge_target,
            edge_weight: graph.edge_weight,
        }
    }};
}
