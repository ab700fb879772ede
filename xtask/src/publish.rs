//! Publishing: an OCI layout of each component and each package of WIT, and the way of those into a registry.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use wit_parser::{PackageId, Resolve};

use crate::{
    build::{ADAPTERS, FUNCTIONS, PIPELINE, STAGES, root},
    contracts, finish,
    oci::{Artifact, Digests},
    package::Package,
    toolchain, wit,
};

/// Where layouts go if nobody says otherwise.
const OUTPUT: &str = "target/publish";

/// What was asked for.
#[derive(Default)]
struct Options {
    dry_run: bool,
    output: Option<PathBuf>,
    /// Host and path that all names go below.
    registry: Option<String>,
    /// Annotations that differ from run to run.
    source: Option<String>,
    revision: Option<String>,
    without_tls: bool,
}

/// A layout that was written.
struct Written {
    package: Package,
    is_component: bool,
    folder: PathBuf,
    size: usize,
    digests: Digests,
}

/// `cargo xtask publish ARGS...`
pub fn run(arguments: &[String]) -> Result<()> {
    let options = Options::read(arguments)?;
    ensure!(options.dry_run || options.registry.is_some(), "where to? --registry HOST/PATH, or --dry-run");
    let folder = options.output.clone().unwrap_or_else(|| root().join(OUTPUT));
    let written = write_all(&folder, &options)?;
    let width = written.iter().map(|one| one.package.name.len()).max().unwrap_or_default();
    println!("{:<width$} {:<8} {:>10}  digest", "name", "version", "bytes");
    for Written { package, size, digests, .. } in &written {
        println!("{:<width$} {:<8} {size:>10}  {}", package.name, package.version, digests.manifest);
    }
    let Some(registry) = &options.registry else { return Ok(()) };
    if options.dry_run {
        for one in &written {
            println!("skopeo {}", copy(one, &reference(registry, &one.package), &options).join(" "));
        }
        return Ok(());
    }
    let unrecorded = contracts::unrecorded(&root().join("wit"))?;
    ensure!(
        unrecorded.is_empty(),
        "wit/released is not what would be published of {}: cargo xtask contracts --record, and commit that",
        unrecorded.join(", ")
    );
    skopeo()?;
    // Before the first is pushed, all are looked at.
    let mut missing = vec![];
    for one in &written {
        let reference = reference(registry, &one.package);
        if !is_there(one, &reference, &options)? {
            missing.push(copy(one, &reference, &options));
        }
    }
    for arguments in missing {
        let status = Command::new("skopeo").args(&arguments).status().context("running skopeo")?;
        ensure!(status.success(), "skopeo {} failed", arguments.join(" "));
    }
    Ok(())
}

/// Layouts of everything, in the default folder.
pub fn layouts() -> Result<()> {
    write_all(&root().join(OUTPUT), &Options::default()).map(|_| ())
}

fn write_all(folder: &Path, options: &Options) -> Result<Vec<Written>> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let folder = &folder.canonicalize()?;
    let resolve = wit::packages(&root().join("wit"))?;
    let mut written = vec![];
    for id in wit::ours(&resolve) {
        let package = Package::contract(&resolve, id)?;
        let wasm = package.put_into(&wit_component::encode(&resolve, id, false)?)?;
        written.push(write(package, false, &wasm, (vec![], interfaces(&resolve, id)), folder, options)?);
    }
    for component in [&STAGES[..], &FUNCTIONS, &ADAPTERS, &[PIPELINE]].concat() {
        let file = root().join(format!("target/components/{component}.wasm"));
        let wasm = fs::read(&file).with_context(|| format!("{}: cargo xtask build makes it", file.display()))?;
        let package = Package::component(component)?;
        ensure!(package.is_in(&wasm)?, "{} is of an older version: cargo xtask build", file.display());
        let names = finish::names(&wasm)?;
        written.push(write(package, true, &wasm, (names.imports, names.exports), folder, options)?);
    }
    Ok(written)
}

/// What a package of WIT has to offer.
fn interfaces(resolve: &Resolve, id: PackageId) -> Vec<String> {
    let package = &resolve.packages[id];
    package.interfaces.keys().chain(package.worlds.keys()).map(|name| resolve.id_of_name(id, name)).collect()
}

fn write(
    package: Package,
    is_component: bool,
    wasm: &[u8],
    (imports, exports): (Vec<String>, Vec<String>),
    folder: &Path,
    options: &Options,
) -> Result<Written> {
    let name = package.name.split(':').next_back().unwrap_or(&package.name).to_owned();
    let mut annotations = BTreeMap::from([
        ("org.opencontainers.image.title", package.name.clone()),
        ("org.opencontainers.image.version", package.version.clone()),
        ("org.opencontainers.image.description", package.description.clone()),
        ("org.opencontainers.image.licenses", package.licenses.clone()),
        ("org.opencontainers.image.authors", package.authors.clone()),
    ]);
    let source = options.source.as_ref().or(package.source.as_ref());
    annotations.extend(source.map(|source| ("org.opencontainers.image.source", source.clone())));
    let revision = options.revision.as_ref();
    annotations.extend(revision.map(|revision| ("org.opencontainers.image.revision", revision.clone())));
    let (tag, authors, file) = (&*package.version, &*package.authors, format!("{name}.wasm"));
    let folder = folder.join(name);
    let digests = Artifact { wasm, file, tag, authors, imports, exports, annotations }.write(&folder)?;
    Ok(Written { package, is_component, folder, size: wasm.len(), digests })
}

/// Where wkg looks for a package.
fn reference(registry: &str, package: &Package) -> String {
    format!("{}/{}:{}", registry.trim_end_matches('/'), package.name.replace(':', "/"), package.version)
}

/// Arguments of skopeo that push a layout as it is.
fn copy(one: &Written, reference: &str, options: &Options) -> Vec<String> {
    let mut arguments = vec!["copy".to_owned(), "--preserve-digests".to_owned()];
    arguments.extend(options.without_tls.then(|| "--dest-tls-verify=false".to_owned()));
    // Signatures are asked of who pulls; these layouts are our own.
    arguments.push("--insecure-policy".to_owned());
    arguments.extend([format!("oci:{}", one.folder.display()), format!("docker://{reference}")]);
    arguments
}

/// Whether this version is in the registry. It then stays what it is, so a component that is another one by now is an
/// error. A contract is the same (`wit/released`), whatever its documentation says now.
fn is_there(one: &Written, reference: &str, options: &Options) -> Result<bool> {
    let mut inspect = Command::new("skopeo");
    inspect.args(["inspect", "--raw"]).args(options.without_tls.then_some("--tls-verify=false"));
    let there = inspect.arg(format!("docker://{reference}")).output().context("running skopeo")?;
    if !there.status.success() {
        let said = String::from_utf8_lossy(&there.stderr);
        // Of all that may go wrong this alone says that the version is free.
        let is_free = ["manifest unknown", "name unknown", "name not known"].iter().any(|it| said.contains(it));
        ensure!(is_free, "asking for {reference}: {}", said.trim());
        return Ok(false);
    }
    let manifest: Value = serde_json::from_slice(&there.stdout).with_context(|| reference.to_owned())?;
    let is_same = manifest["layers"][0]["digest"] == one.digests.layer.as_str();
    ensure!(is_same || !one.is_component, "{reference} is another component; this one needs another version");
    println!("{reference} is there{}", if is_same { "" } else { ", with other documentation" });
    Ok(true)
}

/// What pushes, and what the tests judge layouts by.
pub fn skopeo() -> Result<()> {
    if toolchain::output("skopeo", &["--version"]).is_some() { Ok(()) } else { toolchain::install(&["skopeo"]) }
}

impl Options {
    fn read(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().cloned().with_context(|| format!("{argument} wants a value"));
            match argument.as_str() {
                "--dry-run" => options.dry_run = true,
                "--tls-verify=false" => options.without_tls = true,
                "--output" => options.output = Some(value()?.into()),
                "--registry" => options.registry = Some(value()?),
                "--source" => options.source = Some(value()?),
                "--revision" => options.revision = Some(value()?),
                other => bail!("publish knows no {other}"),
            }
        }
        Ok(options)
    }
}
