//! The packages of `wit/`: one in each folder, and beside them the contracts as they were released.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Error, Result, anyhow, bail};
use wit_parser::{PackageId, Resolve, UnresolvedPackageGroup};

/// What our packages have before the colon. Others are here because ours refer to them.
pub const NAMESPACE: &str = "astlas";
/// The folder of the contracts as they were released.
pub const RELEASED: &str = "released";

/// Where an item stands (an interface, a world) and what it is called there; its whole text.
pub type Items = BTreeMap<(String, String), String>;

/// Reads the packages of a folder, as they stand in it.
pub fn packages(folder: &Path) -> Result<Resolve> {
    resolve(groups(folder)?)
}

/// Reads the packages of a folder as they were released, and with them what is not ours, as it is.
pub fn released(folder: &Path) -> Result<Resolve> {
    let mut all = groups(folder)?;
    all.retain(|group| group.main.name.namespace != NAMESPACE);
    for path in entries(&folder.join(RELEASED))? {
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        all.push(UnresolvedPackageGroup::parse(&path, &text).map_err(|(map, error)| anyhow!(error.render(&map)))?);
    }
    resolve(all)
}

/// Our packages, by name.
pub fn ours(resolve: &Resolve) -> Vec<PackageId> {
    let mut ours: Vec<_> = resolve.package_names.iter().filter(|(name, _)| name.namespace == NAMESPACE).collect();
    ours.sort();
    ours.into_iter().map(|(_, id)| *id).collect()
}

fn groups(folder: &Path) -> Result<Vec<UnresolvedPackageGroup>> {
    let folders = entries(folder)?.into_iter().filter(|path| path.is_dir() && !path.ends_with(RELEASED));
    folders.map(|folder| UnresolvedPackageGroup::parse_dir(&folder)).collect()
}

/// What a folder holds, sorted; nothing if it is not there.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(vec![]);
    }
    let read = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths: Vec<PathBuf> = read.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.sort();
    Ok(paths)
}

fn resolve(mut groups: Vec<UnresolvedPackageGroup>) -> Result<Resolve> {
    let mut resolve = Resolve::default();
    if let Some(main) = groups.pop() {
        resolve.push_groups(main, groups).map_err(|error| {
            let error = Error::from(error);
            anyhow!(resolve.render_error(&error))
        })?;
    }
    Ok(resolve)
}

/// Takes a package apart, as wit-component prints it: an item for each line one step in, with what is further in.
pub fn items(text: &str) -> Result<Items> {
    let mut items = Items::new();
    let mut place = String::new();
    // With whether it goes on until a line closes it.
    let mut item: Option<(String, String, bool)> = None;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let opens = line.ends_with('{');
        match &mut item {
            Some((_, text, _)) => {
                text.push_str(line);
                text.push(' ');
            }
            None if line.starts_with("package ") => {}
            None if place.is_empty() && opens => {
                place = line.trim_end_matches('{').trim().to_owned();
                items.insert((place.clone(), String::new()), String::new());
            }
            None if line == "}" => place.clear(),
            None if place.is_empty() => bail!("{line:?} stands alone"),
            None => item = Some((name(line).to_owned(), format!("{line} "), opens)),
        }
        if let Some((name, text, _)) = item.take_if(|(_, _, goes_on)| !*goes_on || line == "}") {
            items.insert((place.clone(), name), text);
        }
    }
    Ok(items)
}

/// What a line is about: `record x {`, `x: func()`, `use a:b/c@1.0.0.{d}`.
fn name(line: &str) -> &str {
    let end = match line.split_once(' ') {
        Some(("use" | "import" | "export" | "include", _)) => line.find('@').or_else(|| line.find(".{")),
        Some(("type", _)) => line.find('='),
        _ => line.find(['{', ':', '(']),
    };
    line[..end.unwrap_or(line.len())].trim_end_matches(';').trim()
}
