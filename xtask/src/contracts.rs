//! Versions of the contracts: a package of WIT that changed since its release needs another version.
//!
//! `wit/released` holds each package as it was released, without its documentation. What is in both is compared item by
//! item, whatever the order; wit-component says whether a change breaks what was built against the release.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context, Result, anyhow, bail, ensure};
use semver::{Prerelease, Version};
use wit_component::{OutputToString, WitPrinter, semver_check};
use wit_parser::{InterfaceId, PackageId, Resolve, WorldId};

use crate::{
    build::root,
    wit::{self, Items},
};

/// One package.
struct Contract {
    id: PackageId,
    version: Version,
    /// As WIT, without documentation.
    text: String,
    items: Items,
}

/// Packages by name.
struct Contracts {
    resolve: Resolve,
    by_name: BTreeMap<String, Contract>,
}

/// `cargo xtask contracts ARGS...`
pub fn run(arguments: &[String]) -> Result<()> {
    let (mut folder, mut is_release) = (root().join("wit"), false);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--record" => is_release = true,
            "--wit" => folder = arguments.next().context("--wit wants a folder")?.into(),
            other => bail!("contracts knows no {other}"),
        }
    }
    if is_release { record(&folder) } else { check(&folder) }
}

/// Fails if a contract of this folder changed without the version that takes, or was never recorded.
pub fn check(folder: &Path) -> Result<()> {
    let (released, now) = (Contracts::released(folder)?, Contracts::now(folder)?);
    let mut faults = faults(&released, &now)?;
    let unrecorded = now.by_name.keys().filter(|name| !released.by_name.contains_key(*name));
    faults.extend(unrecorded.map(|name| format!("{name} is not recorded: cargo xtask contracts --record")));
    let given_up = released.by_name.keys().filter(|name| !now.by_name.contains_key(*name));
    faults.extend(given_up.map(|name| format!("{name} is gone; if so, cargo xtask contracts --record forgets it")));
    ensure!(faults.is_empty(), "contracts in {}:\n{}", folder.display(), faults.join("\n"));
    Ok(())
}

/// Records the contracts of this folder as released.
fn record(folder: &Path) -> Result<()> {
    let (released, now) = (Contracts::released(folder)?, Contracts::now(folder)?);
    let faults = faults(&released, &now)?;
    ensure!(faults.is_empty(), "contracts in {}:\n{}", folder.display(), faults.join("\n"));
    let file =
        |name: &str| folder.join(wit::RELEASED).join(format!("{}.wit", name.split(':').next_back().unwrap_or(name)));
    fs::create_dir_all(folder.join(wit::RELEASED))?;
    for name in released.by_name.keys().filter(|name| !now.by_name.contains_key(*name)) {
        fs::remove_file(file(name)).with_context(|| file(name).display().to_string())?;
    }
    for (name, contract) in &now.by_name {
        fs::write(file(name), &contract.text).with_context(|| file(name).display().to_string())?;
    }
    Ok(())
}

/// Names of packages whose contract or version is not the recorded one.
pub fn unrecorded(folder: &Path) -> Result<Vec<String>> {
    let (released, now) = (Contracts::released(folder)?, Contracts::now(folder)?);
    let is_recorded = |name: &String, contract: &Contract| {
        let released = released.by_name.get(name);
        released.is_some_and(|released| released.version == contract.version && released.items == contract.items)
    };
    let unrecorded = now.by_name.iter().filter(|(name, contract)| !is_recorded(name, contract));
    Ok(unrecorded.map(|(name, _)| name.clone()).collect())
}

/// What is wrong with the versions of packages that are in both.
fn faults(released: &Contracts, now: &Contracts) -> Result<Vec<String>> {
    let mut faults = vec![];
    for (name, new) in &now.by_name {
        let Some(old) = released.by_name.get(name) else { continue };
        let changes = changes(&old.items, &new.items);
        let breaks = || breaks(released, old, now, new).with_context(|| format!("comparing {name} with its release"));
        let (needed, what) = if changes.is_empty() {
            (old.version.clone(), "is older than")
        } else if breaks()? {
            (next(&old.version, true), "breaks what is built against")
        } else {
            (next(&old.version, false), "has changed since")
        };
        if new.version < needed {
            let version = format!("its version has to be {needed} or later");
            let is = format!("{name}@{} {what} the released {}: {version}", new.version, old.version);
            faults.push([vec![is], changes].concat().join("\n    "));
        }
    }
    Ok(faults)
}

/// The first version that says of a change whether it breaks something. Before 1.0.0 the minor version does
/// (<https://semver.org>, items 4, 7 and 8; <https://doc.rust-lang.org/cargo/reference/semver.html>).
fn next(version: &Version, breaks: bool) -> Version {
    match (version.major, version.minor, breaks) {
        (0, 0, _) | (0, _, false) => Version::new(0, version.minor, version.patch + 1),
        (0, minor, true) => Version::new(0, minor + 1, 0),
        (major, minor, false) => Version::new(major, minor + 1, 0),
        (major, _, true) => Version::new(major + 1, 0, 0),
    }
}

/// Whether what was built against one version may go with the other.
fn are_compatible(old: &Version, new: &Version) -> bool {
    let series = |version: &Version| match (version.major, version.minor) {
        (0, 0) => (0, 0, version.patch),
        (0, minor) => (0, minor, 0),
        (major, _) => (major, 0, 0),
    };
    series(old) == series(new)
}

fn changes(old: &Items, new: &Items) -> Vec<String> {
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let is_whole = |place: &String| {
        let place = (place.clone(), String::new());
        old.contains_key(&place) && new.contains_key(&place)
    };
    let changed = keys.into_iter().filter_map(|key| {
        let how = match (old.get(key), new.get(key)) {
            (Some(old), Some(new)) if old == new => return None,
            (Some(_), Some(_)) => "changed",
            (Some(_), None) => "removed",
            _ => "added",
        };
        match key {
            (place, item) if item.is_empty() => Some(format!("{place} {how}")),
            (place, item) => is_whole(place).then(|| format!("{place}: {item} {how}")),
        }
    });
    changed.collect()
}

/// Whether something that was built against the old contract does not fit the new one.
fn breaks(released: &Contracts, old: &Contract, now: &Contracts, new: &Contract) -> Result<bool> {
    // A type of another series of a package is another type, whatever it looks like.
    for dependency in released.resolve.package_direct_deps(old.id) {
        let dependency = &released.resolve.packages[dependency].name;
        let moved = now
            .resolve
            .package_direct_deps(new.id)
            .map(|id| &now.resolve.packages[id].name)
            .find(|name| (&name.namespace, &name.name) == (&dependency.namespace, &dependency.name));
        if let (Some(old), Some(new)) = (&dependency.version, moved.and_then(|name| name.version.as_ref()))
            && !are_compatible(old, new)
        {
            return Ok(true);
        }
    }
    if break_worlds(&old.items, &new.items) {
        return Ok(true);
    }
    let mut both = now.resolve.clone();
    let moved = both.merge(released.resolve.clone())?;
    for (name, interface) in &released.resolve.packages[old.id].interfaces {
        let Some(new) = now.resolve.packages[new.id].interfaces.get(name) else { return Ok(true) };
        let old = moved.map_interface(*interface, Default::default()).map_err(|error| anyhow!("{error}"))?;
        // Who exports the new one has to do for who wants the old one.
        let mut both = both.clone();
        let (new, old) = (exporter(&mut both, *new, "1.0.0")?, exporter(&mut both, old, "2.0.0")?);
        if semver_check(both, new, old).is_err() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a world is another one, but for versions. One import more is one that hosts lack, one export less is one that
/// they want; for components it is the other way round.
fn break_worlds(old: &Items, new: &Items) -> bool {
    let is_in_old = |place: &str| place.starts_with("world ") && old.contains_key(&(place.to_owned(), String::new()));
    let of_worlds = |items: &Items| -> Vec<_> {
        let items = items.iter().filter(|((place, _), _)| is_in_old(place));
        items.map(|(key, text)| (key.clone(), without_versions(text))).collect()
    };
    of_worlds(old) != of_worlds(new)
}

fn without_versions(text: &str) -> String {
    let mut parts = text.split('@');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.trim_start_matches(|it: char| it.is_ascii_digit() || it == '.'))
}

/// A world that exports an interface and nothing else.
fn exporter(resolve: &mut Resolve, interface: InterfaceId, version: &str) -> Result<WorldId> {
    let interface = resolve.id_of(interface).context("an interface has no name")?;
    let text = format!("package contract:check@{version};\nworld exporter {{ export {interface}; }}");
    let package = resolve.push_source("exporter.wit", &text)?;
    resolve.packages[package].worlds.get("exporter").copied().context("a package lost its world")
}

impl Contracts {
    fn now(folder: &Path) -> Result<Self> {
        let resolve = wit::packages(folder)?;
        ensure!(!wit::ours(&resolve).is_empty(), "no package of ours in {}", folder.display());
        Self::of(resolve)
    }

    /// As they were released. A mark in their versions lets them stand beside those of now.
    fn released(folder: &Path) -> Result<Self> {
        let mut contracts = Self::of(wit::released(folder)?)?;
        let resolve = &mut contracts.resolve;
        for id in wit::ours(resolve) {
            let name = &mut resolve.packages[id].name;
            if let Some(version) = &mut name.version {
                version.pre = Prerelease::new(wit::RELEASED)?;
            }
        }
        resolve.package_names = resolve.packages.iter().map(|(id, package)| (package.name.clone(), id)).collect();
        Ok(contracts)
    }

    fn of(resolve: Resolve) -> Result<Self> {
        let mut by_name = BTreeMap::new();
        for id in wit::ours(&resolve) {
            let name = &resolve.packages[id].name;
            let version = name.version.clone().with_context(|| format!("{name} has no version"))?;
            let mut printer = WitPrinter::<OutputToString>::default();
            printer.emit_docs(false).print(&resolve, id, &[])?;
            let text = format!("{}\n", printer.output.to_string().trim_end());
            let contract = Contract { id, version, items: wit::items(&text)?, text };
            let other = by_name.insert(format!("{}:{}", name.namespace, name.name), contract);
            ensure!(other.is_none(), "{}:{} is there in two versions", name.namespace, name.name);
        }
        Ok(Self { resolve, by_name })
    }
}
