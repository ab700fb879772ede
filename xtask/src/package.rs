//! What is published, and what its metadata says of it: components by their crates, contracts by their packages of WIT.

use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use wasm_metadata::{
    AddMetadata, AddMetadataField::Set, Authors, Description, Licenses, Metadata, Payload, Source, Version,
};
use wit_parser::{PackageId, Resolve};

use crate::{
    build::{cargo, root},
    wit::NAMESPACE,
};

/// Something with a name and a version of its own.
#[derive(Debug, PartialEq, Eq)]
pub struct Package {
    /// In registries: `astlas:graph`, the contract; `astlas:graph-component`, the component.
    pub name: String,
    pub version: String,
    pub description: String,
    pub authors: String,
    /// An expression of SPDX.
    pub licenses: String,
    /// Where the sources are, if they are anywhere.
    pub source: Option<String>,
}

/// What a component is called in registries. The package of its contract has the shorter name.
pub fn component_name(component: &str) -> String {
    format!("{NAMESPACE}:{component}-component")
}

impl Package {
    /// A component of ours, by its crate.
    pub fn component(component: &str) -> Result<Self> {
        let output = cargo().args(["metadata", "--no-deps", "--format-version", "1"]).output()?;
        ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
        let metadata: Value = serde_json::from_slice(&output.stdout)?;
        let name = format!("{NAMESPACE}-{component}");
        let mut crates = metadata["packages"].as_array().into_iter().flatten();
        let package = crates.find(|package| package["name"] == name.as_str());
        let package = package.with_context(|| format!("the workspace has no crate {name}"))?;
        let text = |key: &str| {
            let value = package[key].as_str().map(str::to_owned);
            value.with_context(|| format!("the crate {name} has no {key}"))
        };
        Self::of(component_name(component), text("version")?, text("description")?)
    }

    /// A package of WIT. The first paragraph of its documentation is its description.
    pub fn contract(resolve: &Resolve, id: PackageId) -> Result<Self> {
        let package = &resolve.packages[id];
        let name = format!("{}:{}", package.name.namespace, package.name.name);
        let version = package.name.version.as_ref().with_context(|| format!("{name} has no version"))?.to_string();
        let documentation = package.docs.contents.as_deref().unwrap_or_default();
        let first: Vec<&str> = documentation.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
        ensure!(!first.is_empty(), "{name} says nowhere what it is: write a line of documentation above `package`");
        Self::of(name, version, first.join(" "))
    }

    /// With what wkg.toml says of all.
    fn of(name: String, version: String, description: String) -> Result<Self> {
        let file = root().join("wkg.toml");
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let table: toml::Table = text.parse().with_context(|| file.display().to_string())?;
        let metadata = table.get("workspace").and_then(|workspace| workspace.get("metadata"));
        let text = |key| metadata.and_then(|metadata| metadata.get(key)?.as_str()).map(str::to_owned);
        let needed = |key| text(key).with_context(|| format!("workspace.metadata.{key} is missing in wkg.toml"));
        let (authors, licenses) = (needed("authors")?, needed("licenses")?);
        Ok(Self { name, version, description, authors, licenses, source: text("source") })
    }

    /// The same component or package, with this in its metadata.
    pub fn put_into(&self, wasm: &[u8]) -> Result<Vec<u8>> {
        let mut metadata = AddMetadata::default();
        metadata.name = Set(self.name.clone());
        metadata.version = Set(Version::new(self.version.clone()));
        metadata.description = Set(Description::new(self.description.clone()));
        metadata.authors = Set(Authors::new(self.authors.clone()));
        metadata.licenses = Set(Licenses::new(&self.licenses)?);
        if let Some(source) = &self.source {
            metadata.source = Set(Source::new(source)?);
        }
        metadata.to_wasm(wasm)
    }

    /// Whether a component's metadata says the same.
    pub fn is_in(&self, wasm: &[u8]) -> Result<bool> {
        let payload = Payload::from_binary(wasm)?;
        let Metadata { name, version, description, authors, licenses, source, .. } = payload.metadata();
        fn text(value: &Option<impl ToString>) -> Option<String> {
            value.as_ref().map(ToString::to_string)
        }
        let says = [text(name), text(version), text(description), text(authors), text(licenses)];
        let own = [&self.name, &self.version, &self.description, &self.authors, &self.licenses];
        Ok(says == own.map(|text| Some(text.clone())) && text(source) == self.source)
    }
}
