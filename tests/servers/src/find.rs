//! Where the programs are.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// The program that `variable` names; else the first of `names` on the PATH; else the one below `target/python` whose
/// path ends with one of `wheels`. `install` says where to get it.
pub fn program(variable: &str, names: &[&str], wheels: &[&str], install: &str) -> PathBuf {
    if let Some(path) = env::var_os(variable) {
        return path.into();
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = |name: &&str| env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file());
    names.iter().find_map(on_path).or_else(|| in_wheels(wheels)).unwrap_or_else(|| {
        panic!("{} is missing: {install}, or say in {variable} where it is", names.first().unwrap_or(&variable))
    })
}

fn in_wheels(wheels: &[&str]) -> Option<PathBuf> {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/python/lib");
    let packages = fs::read_dir(python).ok()?.flatten().map(|entry| entry.path().join("site-packages"));
    let mut places = packages.flat_map(|folder| wheels.iter().map(move |wheel| folder.join(wheel)));
    let program = places.find(|path| path.is_file())?;
    // Wheels forget who may run what is in them.
    let mut permissions = program.metadata().ok()?.permissions();
    if permissions.mode() & 0o111 == 0 {
        permissions.set_mode(permissions.mode() | 0o755);
        fs::set_permissions(&program, permissions).ok()?;
    }
    Some(program)
}
