//! Virtual environments of Python below target/.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use crate::{build::root, toolchain};

/// The Python of an environment that has what some files of requirements name; made and filled unless `is_whole` says
/// of it that nothing is missing.
pub fn environment(name: &str, requirements: &[&str], is_whole: impl Fn(&Path) -> bool) -> Result<PathBuf> {
    let folder = format!("target/{name}");
    let python = root().join(&folder).join("bin/python");
    if is_whole(&python) {
        return Ok(python);
    }
    if toolchain::output("python3", &["-c", "import ensurepip"]).is_none() {
        toolchain::install(&["python3", "python3-venv"])?;
    }
    eprintln!("xtask: installing {} into {folder}", requirements.join(", "));
    let run = |program: &OsStr, arguments: &[&str]| -> Result<()> {
        let status = Command::new(program).args(arguments).current_dir(root()).status().context("running python3")?;
        ensure!(
            status.success(),
            "{} {} failed; it needs Python 3 with venv and pip",
            program.display(),
            arguments.join(" ")
        );
        Ok(())
    };
    run("python3".as_ref(), &["-m", "venv", &folder])?;
    let files: Vec<&str> = requirements.iter().flat_map(|file| ["--requirement", file]).collect();
    run(python.as_os_str(), &[&["-m", "pip", "install", "--quiet"], &files[..]].concat())?;
    ensure!(is_whole(&python), "{folder} has not all of {}", requirements.join(", "));
    Ok(python)
}
