//! The layers of a configuration, and what is wrong with one: which file or variable, which setting, what is expected.

use std::{collections::BTreeMap, fs, path::Path};

use serde_path_to_error::Segment;

use super::{Configuration, node::Node};

/// What is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{origin}: {message}")]
pub struct ConfigurationError {
    /// The file, variable or flag.
    pub origin: String,
    /// Which setting, and what is expected.
    pub message: String,
}

/// Variables of other programs that say what we want to know as well, and the settings they are for.
const FOREIGN: [(&str, &str, &str); 3] = [
    // Cloud Run says where to listen, and its traffic comes from outside.
    ("PORT", "", "listen"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "telemetry", "otlp_endpoint"),
    ("GOOGLE_CLOUD_PROJECT", "telemetry", "project"),
];

/// Ours that are no settings of the service: flags of every command, and the file itself.
const FLAGS: [&str; 3] = ["CONFIG", "CACHE_DIR", "CACHE_LIMIT"];

/// What Kubernetes sets in every container beside a service called `astlas`.
const KUBERNETES: [&str; 3] = ["PORT", "PORT_", "SERVICE_"];

/// A setting whose name ends so is read from the file that it names.
const FROM_FILE: &str = "_file";

/// Layers, one over the other.
#[derive(Clone, Debug)]
pub struct Layers(Node);

impl Default for Layers {
    fn default() -> Self {
        Self(Node::Table(BTreeMap::new()))
    }
}

impl Layers {
    /// No layer yet: the defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// A file over what is there.
    pub fn with_file(self, path: &Path) -> Result<Self, ConfigurationError> {
        let origin = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| ConfigurationError {
            message: format!("{error}; give a readable file"),
            origin: origin.clone(),
        })?;
        self.with_text(&origin, &text)
    }

    /// The text of a file over what is there.
    pub fn with_text(self, origin: &str, text: &str) -> Result<Self, ConfigurationError> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
            // The line itself stays out: it may hold a secret.
            ConfigurationError { origin: origin.to_owned(), message: format!("line {line}: {}", error.message()) }
        })?;
        self.with(Node::of(toml::Value::Table(table), origin))
    }

    /// Variables over what is there: `ASTLAS_SECTION_KEY`. An empty one is as good as none.
    pub fn with_environment(
        self,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigurationError> {
        let variables: BTreeMap<_, _> = variables.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let mut layer = Self::new();
        for (name, section, key) in FOREIGN {
            if let Some(value) = variables.get(name) {
                let value = if name == "PORT" { format!("0.0.0.0:{value}") } else { value.clone() };
                layer.set(section, key, value, name);
            }
        }
        for (name, value) in &variables {
            let Some(setting) = name.strip_prefix("ASTLAS_") else { continue };
            let is_kubernetes = KUBERNETES
                .iter()
                .any(|start| if start.ends_with('_') { setting.starts_with(start) } else { setting == *start });
            if FLAGS.contains(&setting) || is_kubernetes {
                continue;
            }
            let setting = setting.to_ascii_lowercase();
            // No section has `_` in its name.
            let (section, key) = setting.split_once('_').unwrap_or(("", &setting));
            layer.set(section, key, value.clone(), name);
        }
        self.with(layer.0)
    }

    /// A flag over what is there.
    #[must_use]
    pub fn with_flag(mut self, section: &str, key: &str, value: String, flag: &str) -> Self {
        self.set(section, key, value, flag);
        self
    }

    fn set(&mut self, section: &str, key: &str, value: String, origin: &str) {
        let leaf = BTreeMap::from([(key.to_owned(), Node::Text(value, origin.to_owned()))]);
        let over = if section.is_empty() { leaf } else { BTreeMap::from([(section.to_owned(), Node::Table(leaf))]) };
        self.0.lay(Node::Table(over));
    }

    fn with(mut self, mut layer: Node) -> Result<Self, ConfigurationError> {
        read_files(&mut layer)?;
        self.0.lay(layer);
        Ok(self)
    }

    /// The configuration that comes of it.
    pub fn read(&self) -> Result<Configuration, ConfigurationError> {
        serde_path_to_error::deserialize(self.0.clone()).map_err(|error| {
            let path = error.path().iter().filter_map(|segment| match segment {
                Segment::Map { key } => Some(key.as_str()),
                _ => None,
            });
            let path: Vec<&str> = path.collect();
            let origin = self.origin(&path).unwrap_or("the configuration").to_owned();
            ConfigurationError { origin, message: format!("{}: {}", path.join("."), error.inner()) }
        })
    }

    /// The layers as one.
    pub(super) fn node(&self) -> &Node {
        &self.0
    }

    /// Where a setting was given.
    fn origin(&self, path: &[&str]) -> Option<&str> {
        let mut node = &self.0;
        for key in path {
            let Node::Table(table) = node else { break };
            node = table.get(*key)?;
        }
        // Of a section, any part.
        while let Node::Table(table) = node {
            node = table.values().next()?;
        }
        node.origin()
    }
}

/// Puts what is in a file in the place of `KEY_file`.
fn read_files(node: &mut Node) -> Result<(), ConfigurationError> {
    let Node::Table(table) = node else { return Ok(()) };
    let named: Vec<String> = table.keys().filter(|key| key.ends_with(FROM_FILE)).cloned().collect();
    for name in named {
        let Some(given) = table.remove(&name) else { continue };
        let origin = given.origin().unwrap_or_default().to_owned();
        let wrong =
            |message: String| ConfigurationError { origin: origin.clone(), message: format!("{name}: {message}") };
        let (Node::Value(toml::Value::String(path), _) | Node::Text(path, _)) = &given else {
            return Err(wrong("expected the path of a file".into()));
        };
        let text = fs::read_to_string(path).map_err(|error| wrong(format!("{path}: {error}; give a readable file")))?;
        let key = name.trim_end_matches(FROM_FILE).to_owned();
        if table.contains_key(&key) {
            return Err(wrong(format!("{key} is given as well; leave one of them out")));
        }
        // Editors end a file with a line break that is no part of the secret.
        table.insert(key, Node::Text(text.trim_end_matches(['\r', '\n']).to_owned(), path.clone()));
    }
    table.values_mut().try_for_each(read_files)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::configuration::{Level, LogForm};

    fn variables(all: &[(&str, &str)]) -> Vec<(String, String)> {
        all.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    fn error_of(file: &str, environment: &[(&str, &str)]) -> String {
        let layers = Layers::new().with_text("astlas.toml", file);
        let layers = layers.and_then(|layers| layers.with_environment(variables(environment)));
        layers.and_then(|layers| layers.read()).unwrap_err().to_string()
    }

    #[test]
    fn flags_are_over_the_environment_over_the_file_over_the_defaults() {
        let file = "listen = \"127.0.0.1:1\"\n[http]\ngrace = 1\ntime_limit = 2\n[telemetry]\nlevel = \"warn\"\n";
        let environment = [
            ("ASTLAS_LISTEN", "127.0.0.1:2"),
            ("PORT", "3"),
            ("ASTLAS_HTTP_TIME_LIMIT", "4"),
            ("ASTLAS_HTTP_CORS_ORIGINS", "https://a.example, https://b.example"),
            ("ASTLAS_TELEMETRY_LOG", "json"),
            ("ASTLAS_TELEMETRY_PROJECT", "12345"),
            ("ASTLAS_CACHE_URL", ""),
            ("ASTLAS_CACHE_DIR", "/somewhere"),
            ("ASTLAS_SERVICE_HOST", "10.0.0.1"),
            ("ASTLAS_PORT", "tcp://10.0.0.1:80"),
            ("GOOGLE_CLOUD_PROJECT", "other"),
        ];
        let layers = Layers::new().with_text("astlas.toml", file).unwrap();
        let layers = layers.with_environment(variables(&environment)).unwrap();
        let read = layers.read().unwrap();
        assert_eq!(read.listen.port(), 2);
        assert_eq!((read.http.grace, read.http.time_limit.get(), read.http.request_limit), (1, 4, 1 << 30));
        assert_eq!(read.http.cors_origins.iter().map(|it| it.as_str()).collect::<Vec<_>>().len(), 2);
        assert_eq!((read.telemetry.level, read.telemetry.log), (Level::Warn, Some(LogForm::Json)));
        assert_eq!((read.telemetry.project.as_deref(), read.cache.url), (Some("12345"), None));
        let read = layers.with_flag("", "listen", "127.0.0.1:5".into(), "--listen").read().unwrap();
        assert_eq!(read.listen.port(), 5);
        let read = Layers::new().with_environment(variables(&[("PORT", "9")])).unwrap().read().unwrap();
        assert_eq!(read.listen, "0.0.0.0:9".parse().unwrap());
    }

    #[test]
    fn what_is_wrong_is_named_with_where_and_what_is_expected() {
        for (file, environment, words) in [
            ("[http]\ngrce = 1", &[][..], &["astlas.toml: http.grce: unknown field", "`grace`"][..]),
            ("[htp]\ngrace = 1", &[], &["astlas.toml: htp: unknown field", "`http`"]),
            ("[http]\ngrace = \"long\"", &[], &["astlas.toml: http.grace: invalid type", "u64"]),
            ("[http]\ngrace = -1", &[], &["astlas.toml: http.grace: invalid value", "u64"]),
            ("[http]\ntime_limit = 0", &[], &["astlas.toml: http.time_limit", "nonzero"]),
            ("\n[http\ngrace = 1", &[], &["astlas.toml: line 2"]),
            ("http = 3", &[], &["astlas.toml: http: invalid type"]),
            ("", &[("ASTLAS_HTTP_GRACE", "long")], &["ASTLAS_HTTP_GRACE: http.grace: expected a whole number"]),
            ("", &[("ASTLAS_HTTP_GRCE", "1")], &["ASTLAS_HTTP_GRCE: http.grce: unknown field"]),
            ("", &[("ASTLAS_NOTHING", "1")], &["ASTLAS_NOTHING: nothing: unknown field", "`listen`"]),
            ("", &[("ASTLAS_TELEMETRY_LOG", "xml")], &["ASTLAS_TELEMETRY_LOG: telemetry.log", "`json`"]),
            ("", &[("ASTLAS_HTTP_CORS_ORIGINS", "a.example")], &["ASTLAS_HTTP_CORS_ORIGINS", "https://example.org"]),
            ("", &[("ASTLAS_LISTEN", "nowhere")], &["ASTLAS_LISTEN: listen: "]),
            ("", &[("PORT", "http")], &["PORT: listen: "]),
            ("", &[("ASTLAS_FORGE_SECRET_FILE", "/no/such")], &["ASTLAS_FORGE_SECRET_FILE: secret_file: /no/such: "]),
        ] {
            let error = error_of(file, environment);
            assert!(words.iter().all(|word| error.contains(word)), "{file}{environment:?}: {error}");
        }
    }

    #[test]
    fn a_secret_comes_from_a_file() {
        let mut secret = tempfile::NamedTempFile::new().unwrap();
        secret.write_all(b"s3cret\n").unwrap();
        let path = secret.path().to_str().unwrap();
        let text = format!("[forge]\nsecret_file = {path:?}\n");
        let read = Layers::new().with_text("astlas.toml", &text).unwrap();
        assert_eq!(read.read().unwrap().forge.secret.as_deref(), Some("s3cret"));
        let over = read.with_environment(variables(&[("ASTLAS_FORGE_SECRET", "other")])).unwrap();
        assert_eq!(over.read().unwrap().forge.secret.as_deref(), Some("other"));
        assert!(error_of(&format!("{text}secret = \"a\""), &[]).contains("leave one of them out"));
    }
}
