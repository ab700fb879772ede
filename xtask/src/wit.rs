//! The packages of `wit/`: one in each folder, and beside them the contracts as they were released.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Error, Result, anyhow};
use wit_parser::{PackageId, Resolve, UnresolvedPackageGroup};

/// What our packages have before the colon. Others are here because ours refer to them.
pub const NAMESPACE: &str = "astlas";
/// The folder of the contracts as they were released.
pub const RELEASED: &str = "released";

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
