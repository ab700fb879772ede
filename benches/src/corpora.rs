//! Real code to measure on: packages of public registries, of a fixed version each, unpacked below target/corpora.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

/// A package, and how it comes to this machine.
struct Package {
    name: &'static str,
    version: &'static str,
    registry: Registry,
}

enum Registry {
    /// A source distribution of PyPI; its metadata must be readable without building it.
    PypiSource,
    /// A wheel of PyPI that holds Python code only.
    PypiWheel,
    Npm,
}

const FLASK: Package = Package { name: "flask", version: "3.1.3", registry: Registry::PypiSource };
const DJANGO: Package = Package { name: "django", version: "5.2.19", registry: Registry::PypiSource };
const TYPEORM: Package = Package { name: "typeorm", version: "0.3.27", registry: Registry::Npm };
const TRANSFORMERS: Package = Package { name: "transformers", version: "5.23.0", registry: Registry::PypiWheel };

/// Real code.
#[derive(Clone)]
pub struct Corpus {
    /// What it is called in the tables.
    pub name: &'static str,
    /// Where it is.
    pub folder: PathBuf,
}

/// The folder that everything is built and downloaded into.
pub fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target")
}

pub fn flask() -> Result<Corpus> {
    corpus("flask 3.1.3", &[FLASK])
}

pub fn django() -> Result<Corpus> {
    corpus("Django 5.2.19", &[DJANGO])
}

pub fn typeorm() -> Result<Corpus> {
    corpus("typeorm 0.3.27", &[TYPEORM])
}

/// About 60 MB of Python, JavaScript and TypeScript.
pub fn large() -> Result<Corpus> {
    corpus("transformers 5.23.0 + typeorm", &[TRANSFORMERS, TYPEORM])
}

/// More files than most repositories have, of four languages.
pub fn many() -> Result<Corpus> {
    corpus("transformers 5.23.0 + typeorm + Django", &[TRANSFORMERS, TYPEORM, DJANGO])
}

fn corpus(name: &'static str, packages: &[Package]) -> Result<Corpus> {
    let folder_name: Vec<_> = packages.iter().map(|package| format!("{}-{}", package.name, package.version)).collect();
    let folder = target().join("corpora").join(folder_name.join("+"));
    if !folder.exists() {
        let partial = folder.with_extension("partial");
        let _ = fs::remove_dir_all(&partial);
        for package in packages {
            package.download(&partial.join(package.name))?;
        }
        fs::rename(&partial, &folder)?;
    }
    Ok(Corpus { name, folder })
}

impl Package {
    /// Downloads and unpacks the package.
    fn download(&self, folder: &Path) -> Result<()> {
        let Self { name, version, registry } = self;
        eprintln!("bench: downloading {name} {version}");
        let archives = folder.with_extension("archive");
        fs::create_dir_all(&archives)?;
        fs::create_dir_all(folder)?;
        let pip = ["-m", "pip", "download", "--quiet", "--no-deps"];
        let requirement = format!("{name}=={version}");
        match registry {
            Registry::PypiSource => {
                run(Command::new("python3")
                    .args(pip)
                    .args(["--no-binary", ":all:", &requirement])
                    .current_dir(&archives))?;
            }
            Registry::PypiWheel => {
                run(Command::new("python3")
                    .args(pip)
                    .args(["--only-binary", ":all:", &requirement])
                    .current_dir(&archives))?;
            }
            Registry::Npm => {
                run(Command::new("npm")
                    .args(["pack", "--silent", &format!("{name}@{version}")])
                    .current_dir(&archives))?;
            }
        }
        let archive = fs::read_dir(&archives)?.next().context("nothing was downloaded")??.path();
        match registry {
            Registry::PypiWheel => {
                run(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(&archive).arg(folder))?;
            }
            Registry::PypiSource | Registry::Npm => {
                run(Command::new("tar").arg("-xf").arg(&archive).arg("-C").arg(folder))?;
            }
        }
        fs::remove_dir_all(&archives)?;
        Ok(())
    }
}

/// Runs a command that has to succeed.
pub fn run(command: &mut Command) -> Result<()> {
    let done = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr).trim());
    Ok(())
}
