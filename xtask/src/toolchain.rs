//! What a fresh machine lacks: the wasm target of rustc, and a clang with WASI headers for the C grammars.
//!
//! Quick when nothing is missing; otherwise says what it does. Installs by rustup and, as root, by apt-get; where it
//! cannot, it names what to install by hand.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};

/// What components are built for.
pub const TARGET: &str = "wasm32-wasip2";
/// clang from 16 on knows the target; newer ones make better code.
const VERSIONS: std::ops::RangeInclusive<u32> = 16..=22;
const PACKAGES: [&str; 3] = ["clang-22", "llvm-22", "wasi-libc"];
/// Where Debian's wasi-libc puts its headers.
const HEADERS: &str = "/usr/include/wasm32-wasi";

/// Tools for the C parts of the components.
pub struct Toolchain {
    pub clang: String,
    pub ar: String,
    pub nm: String,
    pub headers: PathBuf,
}

/// Finds the tools, installing what is missing.
pub fn ensure() -> Result<Toolchain> {
    ensure_target()?;
    if let Some(toolchain) = find() {
        return Ok(toolchain);
    }
    install(&PACKAGES)?;
    find().with_context(by_hand)
}

/// Installs Debian packages if this machine and user can.
pub fn install(packages: &[&str]) -> Result<()> {
    let root = output("id", &["-u"]).is_some_and(|id| id.trim() == "0");
    if !root || output("apt-get", &["--version"]).is_none() {
        bail!(
            "missing: {}. Not root or no apt-get here, so please install it by hand. {}",
            packages.join(" "),
            by_hand()
        );
    }
    eprintln!("xtask: apt-get install {}", packages.join(" "));
    let here = Path::new(".");
    run(here, "apt-get", &["-qq", "update"])?;
    run(
        here,
        "apt-get",
        &[&["-qq", "-o=Dpkg::Use-Pty=0", "install", "-y", "--no-install-recommends"], packages].concat(),
    )
}

/// Unpacks a Debian package below a folder: what it would start when it is installed does not run.
pub fn unpack(package: &str, folder: &Path) -> Result<()> {
    eprintln!("xtask: apt-get download {package}");
    fs::create_dir_all(folder)?;
    // Without lists nothing is found; who may not fetch them may have them.
    let fetched = run(folder, "apt-get", &["-qq", "update"]);
    let by_hand = || format!("please install the Debian package {package} by hand");
    run(folder, "apt-get", &["-qq", "download", package])
        .or_else(|error| fetched.and(Err(error)))
        .with_context(by_hand)?;
    let archives = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let archive = archives.filter(|path| path.extension().is_some_and(|it| it == "deb")).max().with_context(by_hand)?;
    run(folder, "dpkg-deb", &["--extract", &archive.to_string_lossy(), "."])
}

fn run(folder: &Path, program: &str, arguments: &[&str]) -> Result<()> {
    let mut command = Command::new(program);
    command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments).current_dir(folder);
    let done = command.output().with_context(|| format!("running {program}"))?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{program} {}: {}", arguments.join(" "), said.trim());
    Ok(())
}

fn by_hand() -> String {
    format!(
        "The C grammars need clang 16 or newer (clang-22) with llvm-ar and llvm-nm (llvm-22) and the headers of wasi-libc in {HEADERS}, \
         or in the folder that WASI_HEADERS names."
    )
}

fn ensure_target() -> Result<()> {
    let library = output("rustc", &["--print", "target-libdir", "--target", TARGET]).context("rustc does not run")?;
    if Path::new(library.trim()).exists() {
        return Ok(());
    }
    eprintln!("xtask: rustup target add {TARGET}");
    let done = Command::new("rustup").args(["target", "add", TARGET]).output().with_context(|| {
        format!("rustup is not here; install the standard library of {TARGET} for your rustc by hand")
    })?;
    ensure!(done.status.success(), "rustup target add {TARGET}: {}", String::from_utf8_lossy(&done.stderr).trim());
    Ok(())
}

fn find() -> Option<Toolchain> {
    let headers = env::var_os("WASI_HEADERS").map_or_else(|| PathBuf::from(HEADERS), PathBuf::from);
    if !headers.join("stdlib.h").exists() {
        return None;
    }
    let mut suffixes = VERSIONS.rev().map(|version| format!("-{version}")).chain([String::new()]);
    suffixes.find_map(|suffix| {
        let [clang, ar, nm] = ["clang", "llvm-ar", "llvm-nm"].map(|program| format!("{program}{suffix}"));
        let knows_target = output(&clang, &["--print-targets"])?.contains("wasm32");
        let run = [&ar, &nm].iter().all(|program| output(program, &["--version"]).is_some());
        (knows_target && run).then(|| Toolchain { clang, ar, nm, headers: headers.clone() })
    })
}

/// What a program prints, or `None` if it is not here or fails.
pub fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let done = Command::new(program).args(arguments).output().ok()?;
    done.status.success().then(|| String::from_utf8_lossy(&done.stdout).into_owned())
}
