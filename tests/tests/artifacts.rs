//! The security claim: a finished component can reach nothing, because it imports nothing.

use std::fs;

use wasmtime::{Engine, component::Component};

#[test]
fn every_finished_component_imports_nothing() {
    let mut seen = vec![];
    for entry in fs::read_dir(astlas_tests::target().join("components")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "wasm") {
            let engine = Engine::default();
            let component = Component::from_file(&engine, &path).unwrap();
            let ty = component.component_type();
            let imports: Vec<_> = ty.imports(&engine).map(|(name, _)| name.to_owned()).collect();
            assert!(imports.is_empty(), "{} imports {imports:?}", path.display());
            assert!(ty.exports(&engine).count() > 0, "{} exports nothing", path.display());
            seen.push(path.file_stem().unwrap().to_str().unwrap().to_owned());
        }
    }
    seen.sort();
    assert_eq!(seen, ["graph", "parser", "ranker", "repomap", "symbols"]);
}
