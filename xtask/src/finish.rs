//! From the core module that cargo builds to the finished component: sealed, metered, initialised, encoded.

use std::collections::BTreeSet;

use anyhow::{Context, Result, anyhow, ensure};
use walrus::Module;
use wasmparser::Payload;
use wasmtime::{Config, Engine, Instance, Store, Val};
use wasmtime_wizer::{InstanceState, SnapshotVal, Wizer};

use crate::{compose, meter, seal};

/// Export that a stage may have to prepare what would otherwise be made anew in every instance.
const INITIALIZE: &str = "initialize";

/// What is written to stderr with.
const STDERR: [(&str, &str); 4] = [
    ("wasi:cli/stderr@0.2.0", "get-stderr"),
    ("wasi:io/streams@0.2.0", "[method]output-stream.blocking-write-and-flush"),
    ("wasi:io/streams@0.2.0", "[resource-drop]output-stream"),
    ("wasi:io/error@0.2.0", "[resource-drop]error"),
];

/// An HTTP function: what it imports of the stages, the capabilities and HTTP is left, what std does is not.
pub fn function(core: &[u8]) -> Result<Vec<u8>> {
    let mut module = read(core)?;
    seal::seal(&mut module, &[])?;
    let component = encode(&module.emit_wasm())?;
    imports_only(&component, |name| name.starts_with("astlas:") || name == "wasi:http/types@0.3.0")?;
    Ok(component)
}

/// An adapter for Spin: what it imports of Spin and of WASI 0.3 is left and, where it writes lines of a log, the way to
/// stderr.
pub fn adapter(core: &[u8], logs: bool) -> Result<Vec<u8>> {
    let mut module = read(core)?;
    seal::seal(&mut module, if logs { &STDERR } else { &[] })?;
    let component = encode(&module.emit_wasm())?;
    let is_wasi = |name: &str| name.starts_with("wasi:") && name.ends_with("@0.3.0");
    let is_stderr = |name: &str| logs && (name.starts_with("wasi:cli/stderr@") || name.starts_with("wasi:io/"));
    imports_only(&component, |name| is_wasi(name) || is_stderr(name) || name.starts_with("spin:"))?;
    Ok(component)
}

/// Capabilities that hold all in themselves.
pub fn capabilities(core: &[u8]) -> Result<Vec<u8>> {
    let mut module = read(core)?;
    seal::seal(&mut module, &[])?;
    sealed_off(encode(&module.emit_wasm())?)
}

fn imports_only(component: &[u8], is_expected: impl Fn(&str) -> bool) -> Result<()> {
    let imports = names(component)?.imports;
    let foreign: Vec<&String> = imports.iter().filter(|name| !is_expected(name)).collect();
    ensure!(foreign.is_empty(), "the component imports {foreign:?}");
    Ok(())
}

fn read(core: &[u8]) -> Result<Module> {
    Module::from_buffer(core).map_err(|error| anyhow!("{error:#}")).context("reading the module that cargo built")
}

fn encode(module: &[u8]) -> Result<Vec<u8>> {
    wit_component::ComponentEncoder::default()
        .validate(true)
        .module(module)
        .and_then(|encoder| encoder.encode())
        .map_err(|error| anyhow!("{error:#}"))
        .context("encoding the component")
}

/// A stage. Functions named in `counted_elsewhere` go without the counter.
pub fn stage(core: &[u8], counted_elsewhere: &BTreeSet<String>) -> Result<Vec<u8>> {
    let mut module = read(core)?;
    seal::seal(&mut module, &[])?;
    meter::meter(&mut module, counted_elsewhere);
    let sealed = module.emit_wasm();
    let initialized =
        if module.exports.iter().any(|export| export.name == INITIALIZE) { initialize(&sealed)? } else { sealed };
    sealed_off(encode(&initialized)?)
}

/// The pipeline, composed with the stages that it imports.
pub fn pipeline(core: &[u8], stages: &[Vec<u8>]) -> Result<Vec<u8>> {
    let mut module = read(core)?;
    seal::seal(&mut module, &[])?;
    meter::meter(&mut module, &BTreeSet::new());
    sealed_off(compose::compose(&encode(&module.emit_wasm())?, stages)?)
}

/// A component that imports nothing.
fn sealed_off(component: Vec<u8>) -> Result<Vec<u8>> {
    let imports = names(&component)?.imports;
    ensure!(imports.is_empty(), "the component still imports {imports:?}");
    Ok(component)
}

/// Runs [`INITIALIZE`] and keeps the memory it leaves behind as the module's initial memory.
fn initialize(module: &[u8]) -> Result<Vec<u8>> {
    let mut wizer = Wizer::new();
    wizer.init_func(INITIALIZE);
    let (context, instrumented) = wizer.instrument(module)?;
    let engine = Engine::new(&Config::new())?;
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &wasmtime::Module::new(&engine, &instrumented)?, &[])?;
    if let Some(constructors) = instance.get_func(&mut store, "_initialize") {
        constructors.typed::<(), ()>(&store)?.call(&mut store, ())?;
    }
    instance.get_typed_func::<(), ()>(&mut store, INITIALIZE)?.call(&mut store, ())?;
    Ok(pollster::block_on(wizer.snapshot(&context, &mut State { store, instance }))?)
}

struct State {
    store: Store<()>,
    instance: Instance,
}

impl InstanceState for State {
    async fn global_get(&mut self, name: &str, _: wasmtime_wizer::ValType) -> SnapshotVal {
        match self.instance.get_global(&mut self.store, name).map(|global| global.get(&mut self.store)) {
            Some(Val::I32(value)) => SnapshotVal::I32(value),
            Some(Val::I64(value)) => SnapshotVal::I64(value),
            Some(Val::F32(value)) => SnapshotVal::F32(value),
            Some(Val::F64(value)) => SnapshotVal::F64(value),
            other => unreachable!("global {name} is {other:?}; wizer asks for exported numbers only"),
        }
    }

    async fn memory_contents(&mut self, name: &str, contents: impl FnOnce(&[u8]) + Send) {
        match self.instance.get_memory(&mut self.store, name) {
            Some(memory) => contents(memory.data(&self.store)),
            None => unreachable!("memory {name} is not exported; wizer asks for exported memories only"),
        }
    }
}

/// Names of all that a component imports and exports.
#[derive(Default)]
pub struct Names {
    pub imports: Vec<String>,
    pub exports: Vec<String>,
}

/// Reads them.
pub fn names(component: &[u8]) -> Result<Names> {
    let (mut names, mut depth) = (Names::default(), 0);
    for payload in wasmparser::Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) if depth > 0 => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    names.imports.push(import?.name.name.to_string());
                }
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section {
                    names.exports.push(export?.name.name.to_string());
                }
            }
            _ => {}
        }
    }
    Ok(names)
}
