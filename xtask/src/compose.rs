//! Composing: a component and those that export what it imports as one, by the library that Spin composes with.
//!
//! Each is instantiated by itself. They stay sandboxes of their own: no memory is shared, what crosses is copied. What
//! nobody exports is an import of the whole.

use std::collections::BTreeSet;

use anyhow::Result;
use wac_graph::{CompositionGraph, EncodeOptions, PackageId, types::Package};

/// One component of `outer` and those of `inner` that export something which it imports. Of an interface that several
/// export (types without functions) the first one's is taken.
pub fn compose(outer: &[u8], inner: &[Vec<u8>]) -> Result<Vec<u8>> {
    let mut graph = CompositionGraph::new();
    let outer = register(&mut graph, "outer", outer)?;
    let world = &graph.types()[graph[outer].ty()];
    let mut imports: BTreeSet<String> = world.imports.keys().cloned().collect();
    let exports: Vec<String> = world.exports.keys().cloned().collect();
    let socket = graph.instantiate(outer);
    for (number, component) in inner.iter().enumerate() {
        let package = register(&mut graph, &format!("inner-{number}"), component)?;
        let offered: Vec<String> = graph.types()[graph[package].ty()].exports.keys().cloned().collect();
        let taken: Vec<String> = offered.into_iter().filter(|name| imports.remove(name)).collect();
        if taken.is_empty() {
            continue;
        }
        let plug = graph.instantiate(package);
        for name in taken {
            let interface = graph.alias_instance_export(plug, &name)?;
            graph.set_instantiation_argument(socket, &name, interface)?;
        }
    }
    for name in exports {
        let interface = graph.alias_instance_export(socket, &name)?;
        graph.export(interface, &name)?;
    }
    Ok(graph.encode(EncodeOptions::default())?)
}

fn register(graph: &mut CompositionGraph, name: &str, component: &[u8]) -> Result<PackageId> {
    let package = Package::from_bytes(name, None, component, graph.types_mut())?;
    Ok(graph.register_package(package)?)
}
