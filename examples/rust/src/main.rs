//! Prints a map of a folder: `astlas-example COMPONENT FOLDER [TOKENS]`.
#![allow(missing_docs, reason = "what bindgen generates carries no docs of its own")]

use std::{env, fs, io, path::Path};

use wasmtime::{
    Engine, Result, Store,
    component::{Component, Linker},
};

wasmtime::component::bindgen!({ path: "../../wit/pipeline" });

use exports::astlas::pipeline::pipeline::{Options, SourceFile};

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [component, folder, tokens @ ..] = &arguments[..] else {
        wasmtime::bail!("astlas-example COMPONENT FOLDER [TOKENS]")
    };
    let engine = Engine::default();
    let component = Component::from_file(&engine, component)?;
    let mut store = Store::new(&engine, ());
    // The linker is empty: there is nothing to reach.
    let instance = PipelineComponent::instantiate(&mut store, &component, &Linker::new(&engine))?;
    let pipeline = instance.astlas_pipeline_pipeline();

    let paths = pipeline.call_select_sources(&mut store, &list_files(Path::new(folder), "")?)?;
    let read = |path: String| {
        let bytes = fs::read(Path::new(folder).join(&path))?;
        Ok(SourceFile { text: String::from_utf8_lossy(&bytes).into_owned(), path })
    };
    let files = paths.into_iter().map(read).collect::<io::Result<Vec<_>>>()?;
    let options = Options {
        tokens: tokens.first().map(|tokens| tokens.parse()).transpose()?,
        tokenizer: None,
        profile: None,
        order: None,
        format: None,
        context: vec![],
        mentioned: vec![],
        full: false,
    };
    let map = pipeline.call_draw_map(&mut store, &files, &options)??;
    print!("{}", map.text);
    eprintln!("{} tokens, {} files, {} not on the map", map.tokens, map.files.len(), map.omitted.len());
    Ok(())
}

/// Paths of the files below a folder, but hidden ones, each after a prefix.
fn list_files(folder: &Path, prefix: &str) -> io::Result<Vec<String>> {
    let mut found = vec![];
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (kind, name) = (entry.file_type()?, entry.file_name().to_string_lossy().into_owned());
        match prefix.to_owned() + &name {
            _ if name.starts_with('.') => {}
            path if kind.is_dir() => found.extend(list_files(&entry.path(), &(path + "/"))?),
            path if kind.is_file() => found.push(path),
            _ => {}
        }
    }
    Ok(found)
}
