//! The OCI image layout of one component or package of WIT, as CNCF's working group for wasm has it: a configuration that
//! names imports and exports, one layer, the wasm as it is
//! (<https://tag-runtime.cncf.io/wgs/wasm/deliverables/wasm-oci-artifact/>).
//!
//! Same wasm, same digests: nothing in it tells when or where it was made.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.wasm.config.v0+json";
const LAYER: &str = "application/wasm";
/// The guide asks for a time; the true one would change the digest.
const CREATED: &str = "1970-01-01T00:00:00Z";
/// The file by which a folder is known as a layout.
const MARK: &str = "oci-layout";

/// What goes into a layout.
pub struct Artifact<'a> {
    pub wasm: &'a [u8],
    /// What the wasm is called as a file.
    pub file: String,
    pub tag: &'a str,
    pub authors: &'a str,
    pub imports: Vec<String>,
    pub exports: Vec<String>,
    pub annotations: BTreeMap<&'static str, String>,
}

/// What a layout is known by: as a whole, and what is in it.
pub struct Digests {
    pub manifest: String,
    pub layer: String,
}

impl Artifact<'_> {
    /// Writes the layout, in place of an older one.
    pub fn write(&self, folder: &Path) -> Result<Digests> {
        if folder.exists() {
            ensure!(folder.join(MARK).exists(), "{} is there and not an OCI layout", folder.display());
            fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        let blobs = folder.join("blobs/sha256");
        fs::create_dir_all(&blobs).with_context(|| blobs.display().to_string())?;
        let mut layer = write(&blobs, LAYER, self.wasm)?;
        let config = json!({
            "created": CREATED, "author": self.authors, "architecture": "wasm", "os": "wasip2",
            "layerDigests": [layer["digest"]],
            "component": { "imports": self.imports, "exports": self.exports },
        });
        layer["annotations"] = json!({ "org.opencontainers.image.title": self.file });
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "config": write(&blobs, CONFIG, config.to_string().as_bytes())?,
            "layers": [&layer], "annotations": self.annotations,
        });
        let mut manifest = write(&blobs, MANIFEST, manifest.to_string().as_bytes())?;
        let of = |descriptor: &Value| descriptor["digest"].as_str().unwrap_or_default().to_owned();
        let digests = Digests { manifest: of(&manifest), layer: of(&layer) };
        manifest["annotations"] = json!({ "org.opencontainers.image.ref.name": self.tag });
        let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [manifest] });
        fs::write(folder.join("index.json"), index.to_string())?;
        fs::write(folder.join(MARK), json!({ "imageLayoutVersion": "1.0.0" }).to_string())?;
        Ok(digests)
    }
}

/// Writes a blob and describes it.
fn write(blobs: &Path, media_type: &str, bytes: &[u8]) -> Result<Value> {
    let hash = format!("{:x}", Sha256::digest(bytes));
    let file = blobs.join(&hash);
    fs::write(&file, bytes).with_context(|| file.display().to_string())?;
    Ok(json!({ "mediaType": media_type, "digest": format!("sha256:{hash}"), "size": bytes.len() }))
}
