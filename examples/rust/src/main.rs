//! Prints a map of a folder: `astlas-example COMPONENT FOLDER [TOKENS]`.
#![allow(missing_docs, reason = "what bindgen generates carries no docs of its own")]

mod folder;

use std::{env, path::Path};

use wasmtime::{
    Engine, Result, Store,
    component::{Component, Linker},
};

wasmtime::component::bindgen!({ path: "../../wit/pipeline" });

use exports::astlas::pipeline::pipeline::Options;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [component, folder, tokens @ ..] = &arguments[..] else {
        wasmtime::bail!("astlas-example COMPONENT FOLDER [TOKENS]")
    };
    let (folder, options) = (Path::new(folder), options(tokens.first().map(|tokens| tokens.parse()).transpose()?));

    let engine = Engine::default();
    let component = Component::from_file(&engine, component)?;
    let mut store = Store::new(&engine, ());
    // The linker is empty: there is nothing to reach.
    let instance = PipelineComponent::instantiate(&mut store, &component, &Linker::new(&engine))?;
    let pipeline = instance.astlas_pipeline_pipeline();
    let paths = pipeline.call_select_sources(&mut store, &folder::list(folder)?)?;
    let map = pipeline.call_draw_map(&mut store, &folder::read(folder, paths)?, &options)??;
    print!("{}", map.text);

    eprintln!("{} tokens, {} files, {} not on the map", map.tokens, map.files.len(), map.omitted.len());
    Ok(())
}

/// All as it is without being asked for, but the budget.
fn options(tokens: Option<u32>) -> Options {
    let (tokenizer, profile, order, format) = (None, None, None, None);
    Options { tokens, tokenizer, profile, order, format, context: vec![], mentioned: vec![], full: false }
}
