//! Composing: a component and those that export what it imports as one, plug by plug as Spin does it.
//!
//! Each is instantiated by itself. They stay sandboxes of their own: no memory is shared, what crosses is copied. What
//! none of them exports is an import of the whole.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use wasm_encoder::{
    Alias, Component, ComponentAliasSection, ComponentExportKind::Instance, ComponentExportSection,
    ComponentInstanceSection, ComponentSection, ComponentSectionId, RawSection,
};
use wasmparser::{Parser, Payload, Validator, WasmFeatures};
use wit_component::{ComponentEncoder, DecodedWasm, StringEncoding};
use wit_parser::{CloneMaps, LiftLowerAbi, ManglingAndAbi, Resolve, WorldKey};

use crate::finish::{Names, names};

/// One component of `outer` and those of `inner` that export something which it imports. Of an interface that several
/// export (types without functions) the first one's is taken.
pub fn compose(outer: &[u8], inner: &[Vec<u8>]) -> Result<Vec<u8>> {
    let Names { imports, exports } = names(outer)?;
    let mut plugs = vec![];
    let mut given: BTreeMap<String, usize> = BTreeMap::new();
    for component in inner {
        let Names { imports: needed, exports: offered } = names(component)?;
        let taken: Vec<String> =
            offered.into_iter().filter(|name| imports.contains(name) && !given.contains_key(name)).collect();
        if !taken.is_empty() {
            given.extend(taken.iter().map(|name| (name.clone(), plugs.len())));
            plugs.push(Plug { component, needed, taken });
        }
    }
    let parts: Vec<&[u8]> = plugs.iter().map(|plug| plug.component).chain([outer]).collect();
    let mut whole = Whole::importing(&parts, |name| !given.contains_key(name))?;
    for Plug { component, needed, taken } in &plugs {
        let instance = whole.instantiate(component, needed)?;
        for name in taken {
            let interface = whole.interface(instance, name);
            whole.offered.insert(name.clone(), interface);
        }
    }
    let instance = whole.instantiate(outer, &imports)?;
    for name in &exports {
        let interface = whole.interface(instance, name);
        whole.export(name, interface);
    }
    let composed = whole.component.finish();
    Validator::new_with_features(WasmFeatures::all())
        .validate_all(&composed)
        .context("what was composed is not a component")?;
    Ok(composed)
}

/// A component that offers something.
struct Plug<'a> {
    component: &'a [u8],
    needed: Vec<String>,
    taken: Vec<String>,
}

/// What is composed, so far.
struct Whole {
    component: Component,
    components: u32,
    instances: u32,
    /// Interfaces that there are, by name.
    offered: BTreeMap<String, u32>,
}

impl Whole {
    /// Begins with the imports of all parts, each once, as far as they are `wanted`.
    fn importing(parts: &[&[u8]], wanted: impl Fn(&str) -> bool) -> Result<Self> {
        let importing = importing(parts, wanted)?;
        let mut whole = Self { component: Component::new(), components: 0, instances: 0, offered: BTreeMap::new() };
        // All that stands before its code: types, imports, and what of one another one needs.
        for payload in Parser::new(0).parse_all(&importing) {
            let payload = payload?;
            if let Payload::ComponentImportSection(section) = &payload {
                for import in section.clone() {
                    whole.offered.insert(import?.name.name.to_owned(), whole.instances);
                    whole.instances += 1;
                }
            }
            let (id, range) = match payload {
                Payload::Version { .. } => continue,
                Payload::ComponentTypeSection(section) => (ComponentSectionId::Type, section.range()),
                Payload::ComponentImportSection(section) => (ComponentSectionId::Import, section.range()),
                Payload::ComponentAliasSection(section) => (ComponentSectionId::Alias, section.range()),
                _ => break,
            };
            let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
            whole.component.section(&RawSection { id: id as u8, data: &importing[range] });
        }
        Ok(whole)
    }

    /// Adds an instance of a component.
    fn instantiate(&mut self, component: &[u8], imports: &[String]) -> Result<u32> {
        let argument = |name: &String| {
            let interface = self.offered.get(name).with_context(|| format!("nobody offers {name}"))?;
            Ok((name.clone(), Instance, *interface))
        };
        let arguments: Vec<_> = imports.iter().map(argument).collect::<Result<_>>()?;
        self.component.section(&RawSection { id: ComponentSectionId::Component as u8, data: component });
        let mut instances = ComponentInstanceSection::new();
        instances.instantiate(self.components, arguments);
        self.components += 1;
        Ok(self.add(&instances))
    }

    /// Adds an interface that an instance exports.
    fn interface(&mut self, instance: u32, name: &str) -> u32 {
        let mut aliases = ComponentAliasSection::new();
        aliases.alias(Alias::InstanceExport { instance, kind: Instance, name });
        self.add(&aliases)
    }

    fn export(&mut self, name: &str, interface: u32) {
        let mut exports = ComponentExportSection::new();
        exports.export(name, Instance, interface, None);
        self.add(&exports);
    }

    /// Adds a section that makes an instance.
    fn add(&mut self, section: &impl ComponentSection) -> u32 {
        self.component.section(section);
        self.instances += 1;
        self.instances - 1
    }
}

/// A component that imports what these do, as far as it is `wanted`, and does nothing. Of an interface each may import
/// other functions.
fn importing(parts: &[&[u8]], wanted: impl Fn(&str) -> bool) -> Result<Vec<u8>> {
    let mut all = Resolve::default();
    let mut whole = None;
    for (number, part) in parts.iter().enumerate() {
        let DecodedWasm::Component(mut resolve, world) = wit_component::decode(part)? else {
            bail!("there is a package of WIT among what is to be composed");
        };
        resolve.worlds[world].exports.clear();
        resolve.worlds[world].imports.retain(|key, _| match key {
            WorldKey::Interface(_) => true,
            WorldKey::Name(_) => false,
        });
        // All are called the same.
        let package = resolve.worlds[world].package.context("a component without a package")?;
        let name = resolve.packages[package].name.clone();
        resolve.package_names.shift_remove(&name);
        resolve.packages[package].name.name = format!("part-{number}");
        resolve.package_names.insert(resolve.packages[package].name.clone(), package);
        let world = all.merge(resolve)?.map_world(world, Default::default())?;
        match whole {
            None => whole = Some(world),
            Some(whole) => all.merge_worlds(world, whole, &mut CloneMaps::default())?,
        }
    }
    let world = whole.context("nothing is to be composed")?;
    let mut imports = std::mem::take(&mut all.worlds[world].imports);
    imports.retain(|key, _| wanted(&all.name_world_key(key)));
    all.worlds[world].imports = imports;
    let mut module = wit_component::dummy_module(&all, world, ManglingAndAbi::Legacy(LiftLowerAbi::Sync));
    wit_component::embed_component_metadata(&mut module, &all, world, StringEncoding::UTF8, false)?;
    ComponentEncoder::default().validate(true).module(&module)?.encode().context("encoding what is imported")
}
