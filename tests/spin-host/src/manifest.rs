//! `spin.toml`, as far as the application uses what it may hold; anything else is an error.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;

/// A manifest of version 2.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// 2.
    pub spin_manifest_version: u32,
    /// What the application is called.
    pub application: Application,
    /// Variables of the application.
    pub variables: BTreeMap<String, Variable>,
    /// What starts which component.
    pub trigger: Triggers,
    /// The components.
    #[serde(rename = "component")]
    pub components: BTreeMap<String, Component>,
}

/// What the application is called.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "named like the keys")]
pub struct Application {
    pub name: String,
    pub version: String,
    pub description: String,
}

/// A variable: it has a default, or has to be given.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "named like the keys")]
pub struct Variable {
    pub default: Option<String>,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub secret: bool,
}

/// Requests over HTTP alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Triggers {
    /// By route.
    pub http: Vec<Trigger>,
}

/// Requests to a route.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// A path; with `/...` at its end, all below it as well.
    pub route: String,
    /// Who answers.
    pub component: String,
}

/// A component.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Its file.
    pub source: String,
    /// Where it may connect to, as templates.
    pub allowed_outbound_hosts: Vec<String>,
    /// What makes it.
    #[serde(default)]
    pub build: Option<toml::Table>,
    /// Its variables, as templates.
    pub variables: BTreeMap<String, String>,
    /// Who offers what it imports, by package.
    pub dependencies: BTreeMap<String, Dependency>,
}

/// A component that another one is composed with.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// Its file.
    pub path: String,
    /// What it may do of what the component may.
    #[serde(default)]
    pub inherit_configuration: Vec<String>,
}

impl Manifest {
    /// Reads one.
    pub fn read(file: &Path) -> Self {
        toml::from_str(&fs::read_to_string(file).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    }

    /// With values in the place of templates.
    pub fn resolved(mut self, values: &[(&str, &str)]) -> Self {
        let mut known: BTreeMap<&str, String> = BTreeMap::new();
        for (name, variable) in &self.variables {
            let given = values.iter().find(|(given, _)| given == name).map(|(_, value)| (*value).to_owned());
            let value = given.or_else(|| variable.default.clone());
            known.insert(name, value.unwrap_or_else(|| panic!("the variable {name} has to be given")));
        }
        let unknown = values.iter().find(|(name, _)| !known.contains_key(name));
        assert!(unknown.is_none(), "there is no variable {unknown:?}");
        let resolve = |template: &mut String| *template = resolve(template, &known);
        for component in self.components.values_mut() {
            component.allowed_outbound_hosts.iter_mut().for_each(resolve);
            component.variables.values_mut().for_each(resolve);
        }
        self
    }

    /// Whose a path is: of the routes that fit, the longest.
    pub fn component_at(&self, path: &str) -> Option<&str> {
        let fits = |trigger: &&Trigger| match trigger.route.strip_suffix("/...") {
            Some(start) => path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            None => trigger.route == path,
        };
        let found = self.trigger.http.iter().filter(fits).max_by_key(|trigger| trigger.route.len());
        found.map(|trigger| trigger.component.as_str())
    }
}

/// A template with values in the place of `{{ name }}`.
fn resolve(template: &str, known: &BTreeMap<&str, String>) -> String {
    let Some((start, rest)) = template.split_once("{{") else { return template.to_owned() };
    let (name, end) = rest.split_once("}}").unwrap_or_else(|| panic!("{template:?} is not closed"));
    let value = known.get(name.trim()).unwrap_or_else(|| panic!("{template:?}: there is no such variable"));
    format!("{start}{value}{}", resolve(end, known))
}
