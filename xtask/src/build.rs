//! Building: the components' core modules by cargo, the finished components from them, the program around those.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    thread,
};

use anyhow::{Context, Result, anyhow, bail, ensure};
use astlas_engine::{Baseline, config};
use wasmtime::Engine;

use crate::{compose, finish, package::Package, toolchain};

pub const STAGES: [&str; 5] = ["parser", "graph", "ranker", "repomap", "symbols"];
/// HTTP functions: they import the stages, the capabilities and HTTP.
pub const FUNCTIONS: [&str; 2] = ["query", "ingest"];
/// The stages and a use case as one component, for other hosts than this program.
pub const PIPELINE: &str = "pipeline";
/// What offers the functions on Spin what this program offers them here.
pub const ADAPTERS: [&str; 4] = ["spin-blobs-gcs", "spin-cache-redis", "spin-events-pubsub", LOG];
/// The one of them that writes the log.
pub const LOG: &str = "spin-telemetry-log";
/// Those of them that write to stderr.
const LOGGING: [&str; 2] = ["spin-cache-redis", LOG];

/// Level at which the built-in components are compressed: unpacked once on a machine, so size counts more than time.
const COMPRESSION: i32 = 12;
/// Endings of what there is of a component that the program holds.
const FINISHED: [&str; 4] = ["wasm", "wasm.zst", "cwasm.zst", "digest"];

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Components, those for other hosts included, and program.
pub fn all() -> Result<()> {
    program(None)?;
    for_other_hosts()
}

/// The same, with components compiled ahead for the processors that the arguments name; or the program and what it holds
/// alone.
pub fn with(arguments: &[String]) -> Result<()> {
    let (mut baseline, mut is_for_others) = (None, true);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--only-program" => is_for_others = false,
            "--target-cpu" => baseline = processors(arguments.next().map_or("", |name| name))?,
            other => bail!("build knows no {other}; it takes --target-cpu and --only-program"),
        }
    }
    program(baseline)?;
    if is_for_others { for_other_hosts() } else { Ok(()) }
}

/// The processors of this name; none: the one at hand.
fn processors(name: &str) -> Result<Option<Baseline>> {
    if name == "native" {
        return Ok(None);
    }
    let baseline = Baseline::ALL.into_iter().find(|baseline| baseline.name() == name);
    let known = || Baseline::ALL.map(Baseline::name).join(", ");
    let baseline = baseline.with_context(|| format!("--target-cpu {name}: known are native, {}", known()))?;
    ensure!(cfg!(all(target_arch = "x86_64", target_os = "linux")), "--target-cpu {name}: only on Linux on x86-64");
    Ok(Some(baseline))
}

/// The program, and the components that it holds.
fn program(baseline: Option<Baseline>) -> Result<()> {
    components(baseline)?;
    binary("astlas").map(drop)
}

/// Builds a binary with the features that it has beside all others: of one package alone they are fewer, and what is
/// built for it would be built anew for the tests.
pub fn binary(name: &str) -> Result<PathBuf> {
    run_cargo(cargo().args(["build", "--release", "--workspace", "--exclude", "xtask", "--bin", name]))?;
    Ok(root().join("target/release").join(name))
}

/// Builds, then runs the program with these arguments, in the caller's folder.
pub fn run(arguments: &[String]) -> Result<ExitCode> {
    program(None)?;
    passed_on(Command::new(root().join("target/release/astlas")).args(arguments))
}

/// Runs a command whose exit code is xtask's.
pub fn passed_on(command: &mut Command) -> Result<ExitCode> {
    let status = command.status().with_context(|| command.get_program().display().to_string())?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// A cargo command in the workspace.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    // `cargo run` tells xtask what xtask is. Build scripts of dependencies ask for variables of the same names, and would
    // run anew each time cargo is called from here after it was called by hand.
    let names_xtask = |name: &String| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    env::vars_os().filter_map(|(name, _)| name.into_string().ok()).filter(names_xtask).for_each(|name| {
        command.env_remove(name);
    });
    command
}

pub fn run_cargo(command: &mut Command) -> Result<()> {
    let status = command.status().context("running cargo")?;
    ensure!(status.success(), "{:?} failed", command.get_args().collect::<Vec<_>>());
    Ok(())
}

/// Builds and finishes the program's components whose code changed. They are compiled ahead for a baseline, or else for the
/// processor at hand.
pub fn components(baseline: Option<Baseline>) -> Result<()> {
    let tools = toolchain::ensure()?;
    run_cargo(&mut core_modules(&tools, &STAGES))?;

    let counted_elsewhere = parser_library(&tools)?;
    let folder = root().join("target/components");
    fs::create_dir_all(&folder)?;
    let this_program = fs::read(env::current_exe()?)?;
    let finished: Vec<Result<()>> = thread::scope(|scope| {
        let (folder, this_program, names) = (&folder, &this_program, &counted_elsewhere);
        let threads = STAGES.map(|stage| {
            scope.spawn(move || finish_component(stage, folder, this_program, Kind::Stage(names), baseline))
        });
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow!("finishing panicked")))).collect()
    });
    finished.into_iter().collect::<Result<()>>()?;

    // Functions name what they keep by the stages it was made with.
    let revision = revision(&folder)?;
    for function in FUNCTIONS {
        // The write side has the read side in it, with other features. As libraries they lie beside each other; as modules
        // each would replace the other's whenever this runs.
        let package = format!("astlas-{function}");
        let module = ["rustc", "--lib", "--crate-type", "cdylib", "--package", &package];
        run_cargo(for_wasm(&tools, &module).env("ASTLAS_STAGES", &revision))?;
        finish_component(function, &folder, &this_program, Kind::Function, baseline)?;
    }
    Ok(())
}

/// Builds what only other hosts run, of the finished components: the pipeline; the adapters for Spin, and each function
/// composed with them as Spin does it.
fn for_other_hosts() -> Result<()> {
    let (tools, folder) = (toolchain::ensure()?, root().join("target/components"));
    let (this_program, revision) = (fs::read(env::current_exe()?)?, revision(&folder)?);
    run_cargo(core_modules(&tools, &[PIPELINE]).env("ASTLAS_STAGES", &revision))?;
    let (package, pipeline) = (Package::component(PIPELINE)?, core(PIPELINE)?);
    let described = format!("{package:?}");
    unless_made(
        PIPELINE,
        &["wasm"],
        &folder,
        &[&pipeline, &this_program, revision.as_bytes(), described.as_bytes()],
        || {
            let composed = finish::pipeline(&pipeline, &finished(&folder, &STAGES)?)?;
            write(&folder, PIPELINE, &package.put_into(&composed)?)
        },
    )?;
    run_cargo(&mut core_modules(&tools, &ADAPTERS))?;
    for adapter in ADAPTERS {
        let (package, core) = (Package::component(adapter)?, core(adapter)?);
        unless_made(adapter, &["wasm"], &folder, &[&core, &this_program, format!("{package:?}").as_bytes()], || {
            write(&folder, adapter, &package.put_into(&finish::adapter(&core, LOGGING.contains(&adapter))?)?)
        })?;
    }
    let parts = finished(&folder, &[&STAGES[..], &ADAPTERS].concat())?;
    for function in FUNCTIONS {
        let outer = read(&folder, function)?;
        let made_from: Vec<&[u8]> = parts.iter().chain([&outer, &this_program]).map(Vec::as_slice).collect();
        let name = format!("spin-{function}");
        unless_made(&name, &["wasm"], &folder, &made_from, || {
            write(&folder, &name, &compose::compose(&outer, &parts)?)
        })?;
    }
    Ok(())
}

/// A finished component.
pub fn read(folder: &Path, name: &str) -> Result<Vec<u8>> {
    let file = folder.join(format!("{name}.wasm"));
    fs::read(&file).with_context(|| file.display().to_string())
}

pub fn finished(folder: &Path, names: &[&str]) -> Result<Vec<Vec<u8>>> {
    names.iter().map(|name| read(folder, name)).collect()
}

fn write(folder: &Path, name: &str, component: &[u8]) -> Result<()> {
    Ok(fs::write(folder.join(format!("{name}.wasm")), component)?)
}

/// The core module that cargo built of a component.
pub fn core(name: &str) -> Result<Vec<u8>> {
    let name = name.replace('-', "_");
    let file = root().join(format!("target/wasm/wasm32-wasip2/component/astlas_{name}.wasm"));
    fs::read(&file).with_context(|| file.display().to_string())
}

/// Builds the function that does nothing, beside which the others are measured.
pub fn hello() -> Result<()> {
    let (tools, folder) = (toolchain::ensure()?, root().join("target/hello"));
    run_cargo(&mut core_modules(&tools, &["hello"]))?;
    fs::create_dir_all(&folder)?;
    finish_component("hello", &folder, &fs::read(env::current_exe()?)?, Kind::Function, None)
}

/// The command that builds the core modules of these components.
pub fn core_modules(tools: &toolchain::Toolchain, names: &[&str]) -> Command {
    let mut command = for_wasm(tools, &["build"]);
    command.args(names.iter().flat_map(|name| ["--package".to_owned(), format!("astlas-{name}")]));
    command
}

/// A command of cargo's that compiles to WebAssembly.
fn for_wasm(tools: &toolchain::Toolchain, arguments: &[&str]) -> Command {
    let mut command = cargo();
    command
        .args(arguments)
        .args(["--profile", "component", "--target", "wasm32-wasip2", "--target-dir", "target/wasm"])
        // A core module is easier to seal than the component that the linker would make of it.
        .env("CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS", "-Clink-arg=--skip-wit-component")
        .env("CC_wasm32_wasip2", &tools.clang)
        .env("AR_wasm32_wasip2", &tools.ar)
        .env("CFLAGS_wasm32_wasip2", format!("-isystem {} -O3", tools.headers.display()));
    command
}

/// Tells these stages from all others.
fn revision(folder: &Path) -> Result<String> {
    let mut revision = blake3::Hasher::new();
    for stage in STAGES {
        let file = folder.join(format!("{stage}.digest"));
        revision.update(&fs::read(&file).with_context(|| file.display().to_string())?);
    }
    Ok(revision.finalize().to_hex()[..16].to_owned())
}

/// What a component is made into.
enum Kind<'a> {
    /// Nothing is left to import; work is counted, but in functions of these names.
    Stage(&'a BTreeSet<String>),
    /// Nothing of std's is left to import.
    Function,
}

/// Finishes one component.
fn finish_component(
    name: &str,
    folder: &Path,
    this_program: &[u8],
    kind: Kind<'_>,
    baseline: Option<Baseline>,
) -> Result<()> {
    let core = core(name)?;
    let package = Package::component(name)?;
    let level = baseline.map_or("", Baseline::name).as_bytes();
    unless_made(name, &FINISHED, folder, &[&core, this_program, format!("{package:?}").as_bytes(), level], || {
        let (component, config) = match kind {
            Kind::Stage(counted_elsewhere) => (finish::stage(&core, counted_elsewhere), config::stages(1)),
            Kind::Function => (finish::function(&core), config::functions()),
        };
        let component = package.put_into(&component?)?;
        let compiled = match baseline {
            Some(baseline) => baseline.compile(config, &component)?,
            None => Engine::new(&config)?.precompile_component(&component)?,
        };
        let write = |ending: &str, bytes: &[u8]| fs::write(folder.join(format!("{name}.{ending}")), bytes);
        write("wasm", &component)?;
        write("wasm.zst", &zstd::encode_all(component.as_slice(), COMPRESSION)?)?;
        write("cwasm.zst", &zstd::encode_all(compiled.as_slice(), COMPRESSION)?)?;
        write("digest", blake3::hash(&component).to_hex().as_bytes())?;
        Ok(())
    })
}

/// Makes a component, unless its files are there and nothing that it is made from has changed.
fn unless_made(
    name: &str,
    endings: &[&str],
    folder: &Path,
    made_from: &[&[u8]],
    make: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let mut hasher = blake3::Hasher::new();
    made_from.iter().for_each(|part| {
        hasher.update(part);
    });
    let (made_from, stamp) = (hasher.finalize().to_hex().to_string(), folder.join(format!("{name}.made-from")));
    let is_there = endings.iter().all(|ending| folder.join(format!("{name}.{ending}")).exists());
    if is_there && fs::read_to_string(&stamp).is_ok_and(|stamp| stamp == made_from) {
        return Ok(());
    }
    eprintln!("xtask: finishing {name}");
    make().with_context(|| format!("finishing {name}"))?;
    fs::write(stamp, made_from)?;
    Ok(())
}

/// Names of the functions that only tree-sitter's own library has: not a grammar, whose scanner may hold anything.
fn parser_library(tools: &toolchain::Toolchain) -> Result<BTreeSet<String>> {
    let (mut library, mut others) = (BTreeSet::new(), BTreeSet::new());
    let builds = root().join("target/wasm/wasm32-wasip2/component/build");
    for build in fs::read_dir(&builds).with_context(|| builds.display().to_string())? {
        let output = build?.path().join("out");
        for file in fs::read_dir(&output).into_iter().flatten() {
            let file = file?.path();
            if file.extension().is_none_or(|extension| extension != "a") {
                continue;
            }
            let names = if file.ends_with("libtree-sitter.a") { &mut library } else { &mut others };
            let path = file.to_str().context("a path below target/ is not UTF-8")?;
            let symbols = toolchain::output(&tools.nm, &["--defined-only", "--format=just-symbols", path])
                .with_context(|| format!("{} cannot read {path}", tools.nm))?;
            names.extend(symbols.lines().map(str::to_owned));
        }
    }
    ensure!(!library.is_empty(), "no libtree-sitter.a below {}", builds.display());
    Ok(&library - &others)
}
