//! Composing: the pipeline and the stages it imports as one component, which imports nothing.
//!
//! Each stage is instantiated by itself, and the pipeline with what they export. They stay sandboxes of their own: no
//! memory is shared, what crosses is copied.

use anyhow::{Context, Result};
use wasm_encoder::{ComponentBuilder, ComponentExportKind::Instance};
use wasmparser::{Validator, WasmFeatures};

use crate::finish::{Names, names};

/// One component of `outer`, whose imports are what the `inner` ones export. They import nothing; of an interface that
/// several export (types without functions) the first one's is taken.
pub fn compose(outer: &[u8], inner: &[Vec<u8>]) -> Result<Vec<u8>> {
    let mut composed = ComponentBuilder::default();
    let mut offered: Vec<(String, u32)> = vec![];
    for bytes in inner {
        let component = composed.component_raw(None, bytes);
        let instance = composed.instantiate::<_, String>(None, component, []);
        for name in names(bytes)?.exports {
            if offered.iter().all(|(other, _)| *other != name) {
                let interface = composed.alias_export(instance, &name, Instance);
                offered.push((name, interface));
            }
        }
    }
    let Names { imports, exports } = names(outer)?;
    let argument = |name: String| {
        let (_, interface) = offered
            .iter()
            .find(|(other, _)| *other == name)
            .with_context(|| format!("no component to be composed exports {name}"))?;
        Ok((name, Instance, *interface))
    };
    let arguments: Vec<_> = imports.into_iter().map(argument).collect::<Result<_>>()?;
    let component = composed.component_raw(None, outer);
    let instance = composed.instantiate(None, component, arguments);
    for name in exports {
        let interface = composed.alias_export(instance, &name, Instance);
        composed.export(name.as_str(), Instance, interface, None);
    }
    let composed = composed.finish();
    Validator::new_with_features(WasmFeatures::all())
        .validate_all(&composed)
        .context("what was composed is not a component")?;
    Ok(composed)
}
