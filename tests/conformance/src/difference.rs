//! Where two values of JSON differ.

use std::{collections::BTreeSet, fmt};

use serde_json::Value;

/// Most letters of a value that are shown.
const SHOWN: usize = 200;
/// How far two fractions may be apart, as a share of them: reading one from text is not exact to the last bit.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

/// A place where two values differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The place: `[1].answer.files[0].score`.
    pub path: String,
    /// What there should be, if anything.
    pub expected: Option<Value>,
    /// What there is.
    pub got: Option<Value>,
}

/// All places where two values differ.
pub fn differences(expected: &Value, got: &Value) -> Vec<Difference> {
    let mut found = vec![];
    compare(String::new(), Some(expected), Some(got), &mut found);
    found
}

fn compare(path: String, expected: Option<&Value>, got: Option<&Value>, found: &mut Vec<Difference>) {
    match (expected, got) {
        (Some(Value::Object(expected)), Some(Value::Object(got))) => {
            let names: BTreeSet<&String> = expected.keys().chain(got.keys()).collect();
            for name in names {
                compare(format!("{path}.{name}"), expected.get(name), got.get(name), found);
            }
        }
        (Some(Value::Array(expected)), Some(Value::Array(got))) => {
            for index in 0..expected.len().max(got.len()) {
                compare(format!("{path}[{index}]"), expected.get(index), got.get(index), found);
            }
        }
        (Some(Value::String(expected)), Some(Value::String(got))) if expected.contains('\n') && got.contains('\n') => {
            lines(&path, expected, got, found);
        }
        (Some(expected), Some(got)) if is_same(expected, got) => {}
        _ => found.push(Difference { path, expected: expected.cloned(), got: got.cloned() }),
    }
}

/// The first line in which two texts differ: what follows is often only moved.
fn lines(path: &str, expected: &str, got: &str, found: &mut Vec<Difference>) {
    let (mut expected, mut got) = (expected.split('\n'), got.split('\n'));
    for line in 1.. {
        let (left, right) = (expected.next(), got.next());
        if left.is_none() && right.is_none() {
            return;
        }
        if left != right {
            let path = format!("{path} line {line}");
            found.push(Difference { path, expected: left.map(Value::from), got: right.map(Value::from) });
            return;
        }
    }
}

fn is_same(expected: &Value, got: &Value) -> bool {
    match (expected.as_f64(), got.as_f64()) {
        (Some(left), Some(right)) if expected.is_f64() && got.is_f64() => {
            (left - right).abs() <= ROUNDING * left.abs().max(right.abs())
        }
        _ => expected == got,
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &Option<Value>| {
            let Some(value) = value else { return "nothing".to_owned() };
            let text = value.to_string();
            match text.char_indices().nth(SHOWN) {
                Some((end, _)) => format!("{}…", &text[..end]),
                None => text,
            }
        };
        let path = self.path.trim_start_matches('.');
        write!(formatter, "{path}\n  expected {}\n  got      {}", shown(&self.expected), shown(&self.got))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn paths(expected: Value, got: Value) -> Vec<String> {
        differences(&expected, &got).into_iter().map(|difference| difference.path).collect()
    }

    #[test]
    fn every_place_that_differs_is_named() {
        let expected = json!({"a": [1, {"b": "x"}], "c": null, "d": 1});
        assert!(differences(&expected, &expected).is_empty());
        assert_eq!(
            paths(expected, json!({"a": [1, {"b": "y"}, 2], "c": 0, "e": 1})),
            [".a[1].b", ".a[2]", ".c", ".d", ".e"]
        );
        assert_eq!(paths(json!("a\nb\nc"), json!("a\nB\nC")), [" line 2"]);
        assert_eq!(paths(json!("a\nb"), json!("a\nb\n")), [" line 3"]);
    }

    #[test]
    fn fractions_differ_by_more_than_reading_them_does() {
        let third: f64 = 1.0 / 3.0;
        assert!(paths(json!(third), json!(third.next_up())).is_empty());
        assert_eq!(paths(json!(third), json!(0.333_333_333)), [""]);
        assert_eq!(paths(json!(1), json!(1.0)), [""]);
    }

    #[test]
    fn a_long_value_is_cut_where_it_is_shown() {
        let shown = differences(&json!("ä".repeat(1000)), &json!(1))[0].to_string();
        assert!(shown.len() < 500 && shown.contains('…') && shown.ends_with("got      1"), "{shown}");
    }
}
