//! The configuration as it came to be, for people to read: without secrets.

use astlas_capabilities::{HIDDEN, without_password};
use toml::{Table, Value};

use super::{
    DEFAULTS,
    layers::{ConfigurationError, Layers},
    node::Node,
};

/// Settings that are secrets.
const SECRETS: [&str; 3] = ["password", "secret", "token"];

impl Layers {
    /// Every setting that has a value, as a file; a secret's value stays out.
    pub fn shown(&self) -> Result<String, ConfigurationError> {
        self.read()?;
        let defaults = Self::new().with_text("defaults", DEFAULTS)?;
        let mut all = value_of(defaults.node(), None);
        lay(&mut all, self.node());
        all.iter_mut().for_each(|(key, value)| hide(key, value));
        Ok(all.to_string())
    }
}

/// A table of these nodes; texts take the type that the default has.
fn value_of(node: &Node, default: Option<&Value>) -> Table {
    let mut table = default.and_then(Value::as_table).cloned().unwrap_or_default();
    lay(&mut table, node);
    table
}

fn lay(table: &mut Table, over: &Node) {
    let Node::Table(nodes) = over else { return };
    for (key, node) in nodes {
        let value = match node {
            Node::Table(_) => Value::Table(value_of(node, table.get(key))),
            Node::Value(value, _) => value.clone(),
            Node::Text(text, _) => typed(text, table.get(key)),
        };
        table.insert(key.clone(), value);
    }
}

fn typed(text: &str, default: Option<&Value>) -> Value {
    let same = match default {
        Some(Value::Integer(_)) => text.trim().parse().ok().map(Value::Integer),
        Some(Value::Boolean(_)) => text.trim().parse().ok().map(Value::Boolean),
        Some(Value::Float(_)) => text.trim().parse().ok().map(Value::Float),
        Some(Value::Array(_)) => {
            let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
            Some(Value::Array(entries.map(|entry| Value::String(entry.to_owned())).collect()))
        }
        _ => None,
    };
    same.unwrap_or_else(|| Value::String(text.to_owned()))
}

fn hide(key: &str, value: &mut Value) {
    match value {
        Value::Table(table) => table.iter_mut().for_each(|(key, value)| hide(key, value)),
        Value::Array(values) => values.iter_mut().for_each(|value| hide(key, value)),
        Value::String(text) if SECRETS.iter().any(|secret| key.contains(secret)) => HIDDEN.clone_into(text),
        Value::String(text) => *text = without_password(text),
        _ => {}
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]
mod tests {
    use super::*;

    #[test]
    fn what_was_set_is_shown_and_no_secret() {
        let file = "[cache]\nurl = \"redis://me:pass/word@host/1\"\n[forge]\ntoken = \"abc\"\n\
                    [[identity.issuers]]\nissuer = \"https://me:word@host\"\n";
        let environment =
            [("ASTLAS_HTTP_GRACE", "7"), ("ASTLAS_FORGE_SECRET", "xyz"), ("ASTLAS_HTTP_CORS_ORIGINS", "*")];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let layers = Layers::new().with_text("a.toml", file).unwrap().with_environment(environment).unwrap();
        let shown: Table = layers.shown().unwrap().parse().unwrap();
        assert_eq!(shown["http"]["grace"].as_integer(), Some(7));
        assert_eq!(shown["http"]["time_limit"].as_integer(), Some(60));
        assert_eq!(shown["http"]["cors_origins"][0].as_str(), Some("*"));
        assert_eq!(shown["forge"]["secret"].as_str(), Some(HIDDEN));
        assert_eq!(shown["forge"]["token"].as_str(), Some(HIDDEN));
        assert_eq!(shown["cache"]["url"].as_str(), Some("redis://(hidden)@host/1"));
        assert_eq!(shown["identity"]["issuers"][0]["issuer"].as_str(), Some("https://(hidden)@host"));
        for (address, shown) in [("http://host/a", "http://host/a"), ("me:word@host", "(hidden)@host"), ("a@b", "a@b")]
        {
            assert_eq!(without_password(address), shown);
        }
    }
}
