//! What differs from run to run, and is not compared: only this, wherever in an answer it stands. In its place goes what
//! it is, so that another type, or nothing, is a difference all the same.

use serde_json::{Map, Value, json};

/// What a value is.
#[derive(Clone, Copy)]
enum Kind {
    Number,
    Text,
    Bool,
    TextOrNull,
}

/// Names of fields, what they are, and what stands for them.
const RULES: &[(&str, Kind, &str)] = &[
    // How long something took.
    ("latency_ms", Kind::Number, "<milliseconds>"),
    // Times. (`updated` of a job's result is a bool, and `indexed` of a job a token.)
    ("created", Kind::Number, "<seconds since 1970>"),
    ("updated", Kind::Number, "<seconds since 1970>"),
    ("lease", Kind::Number, "<seconds since 1970>"),
    ("revoked", Kind::Number, "<seconds since 1970>"),
    ("expires", Kind::Number, "<seconds since 1970>"),
    // Under which turn it was indexed; of a commit, when.
    ("indexed", Kind::TextOrNull, "<token or null>"),
    ("indexed", Kind::Number, "<seconds since 1970>"),
    ("token", Kind::Text, "<token>"),
    // How often the same was asked for, by earlier runs too; and how many other jobs there are.
    ("attempt", Kind::Number, "<number>"),
    ("left_out", Kind::Number, "<number>"),
    // Whether somebody parsed the same content before.
    ("cache_hit", Kind::Bool, "<bool>"),
    // Bytes of an archive or an index: how well it is compressed is nobody's promise.
    ("size", Kind::Number, "<bytes>"),
    // Chance.
    ("secret", Kind::Text, "<secret>"),
    ("id", Kind::Text, "<id of a key>"),
];

/// A value with all of that replaced.
pub fn apply(value: Value) -> Value {
    match value {
        Value::Array(values) => values.into_iter().map(apply).collect(),
        Value::Object(fields) => {
            let masked = fields.into_iter().map(|(name, value)| {
                let value = masked(&name, &value).unwrap_or_else(|| apply(value));
                (name, value)
            });
            Value::Object(together(masked.collect()))
        }
        value => value,
    }
}

fn masked(name: &str, value: &Value) -> Option<Value> {
    let fits = |kind| match kind {
        Kind::Number => value.is_number(),
        Kind::Text => value.is_string(),
        Kind::Bool => value.is_boolean(),
        Kind::TextOrNull => value.is_string() || value.is_null(),
    };
    let rule = RULES.iter().find(|(field, kind, _)| *field == name && fits(*kind))?;
    Some(json!(rule.2))
}

/// How many of some files were parsed before depends on who parsed what. How many there are does not.
fn together(mut fields: Map<String, Value>) -> Map<String, Value> {
    let number = |name: &str| fields.get(name).and_then(Value::as_u64);
    if let (Some(parsed), Some(cached)) = (number("parsed"), number("cached")) {
        fields.retain(|name, _| name != "parsed" && name != "cached");
        fields.insert("parsed and cached".into(), json!(parsed + cached));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_the_type_that_it_should_is_left_out() {
        let answer = json!({"updated": 17, "result": {"updated": true, "parsed": 3, "cached": 4}, "indexed": null});
        let expected = json!({
            "updated": "<seconds since 1970>", "result": {"updated": true, "parsed and cached": 7},
            "indexed": "<token or null>",
        });
        assert_eq!(apply(answer), expected);
        let wrong = json!([{"latency_ms": "soon", "token": 1, "cache_hit": null}]);
        assert_eq!(apply(wrong.clone()), wrong);
    }
}
