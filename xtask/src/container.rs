//! What the tests of the image need: tools, and bases made of the Debian that this machine has.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use crate::{build::root, toolchain};

/// To build an image, to make bases, to run a container; Debian's packages are called the same. runc, for it runs in
/// whatever groups of processes a machine has, which crun does not.
const TOOLS: [&str; 4] = ["buildah", "mmdebstrap", "podman", "runc"];

/// What a base is made with. The first stands for any Debian, the second is what deploy/Containerfile asks for.
const BASES: [(&str, &[&str]); 2] = [
    ("base", &["--variant=essential", "--include=ca-certificates"]),
    (
        "run",
        &[
            "--variant=extract",
            "--include=base-files,bash,libc6,libgcc-s1",
            "--dpkgopt=path-exclude=/usr/share/doc/*",
            "--dpkgopt=path-exclude=/usr/share/man/*",
            "--dpkgopt=path-exclude=/usr/share/locale/*",
            "--dpkgopt=path-exclude=/usr/lib/*/gconv/*",
        ],
    ),
];

/// Installs the tools and makes target/container/*.tar, unless they are there.
pub fn ensure() -> Result<()> {
    let is_missing = |tool: &&str| toolchain::output(tool, &["--version"]).is_none();
    let missing: Vec<&str> = TOOLS.into_iter().filter(is_missing).collect();
    if !missing.is_empty() {
        toolchain::install(&missing)?;
    }
    let folder = root().join("target/container");
    fs::create_dir_all(&folder)?;
    for (name, options) in BASES {
        let base = folder.join(format!("{name}.tar"));
        if !base.exists() {
            make(&base, options).with_context(|| {
                format!("no {}; it may be the root of any Debian that is no older than this machine's", base.display())
            })?;
        }
    }
    Ok(())
}

/// A base of this machine's own release, from the mirrors that it has: the program was linked here.
fn make(base: &Path, options: &[&str]) -> Result<()> {
    let release = fs::read_to_string("/etc/os-release").context("/etc/os-release")?;
    let field = |name: &str| {
        let line = release.lines().find_map(|line| line.strip_prefix(name));
        line.map(|value| value.trim_matches('"').to_owned()).with_context(|| format!("/etc/os-release has no {name}"))
    };
    let sources = [format!("/etc/apt/sources.list.d/{}.sources", field("ID=")?), "/etc/apt/sources.list".into()];
    let sources = sources.iter().map(PathBuf::from).find(|path| path.exists());
    let sources = sources.context("no mirror: /etc/apt/sources.list is missing")?;
    // Whole or not at all.
    let partial = base.with_extension("partial.tar");
    eprintln!("xtask: mmdebstrap {}", base.display());
    let mut command = Command::new("mmdebstrap");
    command.arg("--quiet").args(options).arg(field("VERSION_CODENAME=")?).arg(&partial).arg(sources);
    let done = command.output().context("running mmdebstrap")?;
    ensure!(done.status.success(), "mmdebstrap: {}", String::from_utf8_lossy(&done.stderr).trim());
    Ok(fs::rename(partial, base)?)
}
