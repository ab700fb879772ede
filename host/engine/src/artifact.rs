//! Finished components: where they come from, and how they are loaded without compiling them again.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use wasmtime::{Engine, component::Component};

/// A finished component, as it is built into the program.
#[derive(Clone, Copy, Debug)]
pub struct Artifact {
    /// `parser`, `graph`, ...
    pub name: &'static str,
    /// blake3 of the component, in hexadecimal.
    pub digest: &'static str,
    /// The component, compressed with zstd.
    pub component: &'static [u8],
    /// The same compiled for the machine that built the program, compressed with zstd.
    pub compiled: &'static [u8],
}

/// Why a component could not be loaded.
#[derive(Debug, thiserror::Error)]
#[error("component {name}: {message}")]
pub struct LoadError {
    /// Name of the component.
    pub name: &'static str,
    /// What went wrong.
    pub message: String,
}

impl Artifact {
    /// Loads the component: by mapping the file in `folder` that an earlier run left there, else from what is built in
    /// (leaving that file), else, on a processor that lacks what the built-in code needs, by compiling it once.
    pub fn load(&self, engine: &Engine, folder: Option<&Path>) -> Result<Component, LoadError> {
        let failed = |message: String| LoadError { name: self.name, message };
        let file = folder.map(|folder| folder.join(self.file_name(engine)));
        if let Some(component) = file.as_deref().and_then(|file| map(engine, file)) {
            return Ok(component);
        }
        let built_in = zstd::decode_all(self.compiled).map_err(|error| failed(error.to_string()))?;
        let compiled = match Engine::detect_precompiled(&built_in) {
            Some(_) if deserialize(engine, &built_in).is_some() => built_in,
            _ => {
                let component = zstd::decode_all(self.component).map_err(|error| failed(error.to_string()))?;
                engine.precompile_component(&component).map_err(|error| failed(format!("{error:#}")))?
            }
        };
        if let Some(file) = &file {
            // Without the file the next run unpacks again: slower, not wrong.
            let _ = keep(file, &compiled);
            if let Some(component) = map(engine, file) {
                return Ok(component);
            }
        }
        deserialize(engine, &compiled).ok_or_else(|| failed("the compiled code does not load".into()))
    }

    fn file_name(&self, engine: &Engine) -> String {
        file_name(self.name, self.digest, engine)
    }
}

/// Loads a component that is not built in: mapped from `folder` if an earlier run compiled it, else compiled now.
pub(crate) fn load_foreign(
    engine: &Engine,
    component: &[u8],
    digest: &str,
    folder: Option<&Path>,
) -> wasmtime::Result<Component> {
    let file = folder.map(|folder| folder.join(file_name("language", digest, engine)));
    if let Some(component) = file.as_deref().and_then(|file| map(engine, file)) {
        return Ok(component);
    }
    let Some(file) = file else { return Component::new(engine, component) };
    let compiled = engine.precompile_component(component)?;
    // Without the file the next run compiles again: slower, not wrong.
    let _ = keep(&file, &compiled);
    match map(engine, &file).or_else(|| deserialize(engine, &compiled)) {
        Some(component) => Ok(component),
        None => Component::new(engine, component),
    }
}

/// The name tells apart components, versions of wasmtime and settings: what does not fit is never opened.
fn file_name(name: &str, digest: &str, engine: &Engine) -> String {
    use std::hash::{Hash, Hasher};
    let mut hasher = std::hash::DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut hasher);
    format!("{name}-{}-{:016x}.cwasm", &digest[..16.min(digest.len())], hasher.finish())
}

/// Maps a compiled component, if the file is there and nobody but us can write to it.
#[allow(unsafe_code, reason = "loading compiled code is unsafe by nature; see the comment")]
fn map(engine: &Engine, file: &Path) -> Option<Component> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let us = rustix::process::geteuid().as_raw();
        let ours = |metadata: fs::Metadata| metadata.uid() == us && metadata.mode() & 0o022 == 0;
        // A link would be followed to a file whose folder nobody has looked at.
        if !ours(fs::symlink_metadata(file).ok()?) || !ours(fs::symlink_metadata(file.parent()?).ok()?) {
            return None;
        }
    }
    // SAFETY: only we could write the file and its folder, as was just checked, and `keep` writes there under a name of
    // the component's hash. wasmtime refuses files of other versions or settings by itself.
    unsafe { Component::deserialize_file(engine, file) }.ok()
}

#[allow(unsafe_code, reason = "loading compiled code is unsafe by nature; see the comment")]
fn deserialize(engine: &Engine, compiled: &[u8]) -> Option<Component> {
    // SAFETY: the bytes come from this program or from its compiler, never from outside.
    unsafe { Component::deserialize(engine, compiled) }.ok()
}

/// Writes a file at once: other processes see all of it or nothing, also after a loss of power.
fn keep(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = file.parent().ok_or(io::ErrorKind::NotFound)?;
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    // Process ids are not enough for a name of its own: in containers that share a folder they are all alike.
    let mut partial = tempfile::Builder::new().prefix(".partial-").suffix(".cwasm").tempfile_in(folder)?;
    partial.write_all(bytes)?;
    partial.as_file().sync_all()?;
    partial.persist(file).map(drop).map_err(|error| error.error)
}
