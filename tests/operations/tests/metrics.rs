//! Rules and dashboards ask for metrics that there are, by labels that they have.
#![allow(clippy::panic, clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::{collections::BTreeSet, fs};

use astlas_test_operations::{declared, in_code, names, promtool, read, rules};
use serde_json::Value;

/// Labels that are put on when the metrics are read: where they come from.
const OF_TARGET: [&str; 3] = ["job", "instance", "namespace"];
/// Metrics of others: whether the last reading succeeded; what Cloud Monitoring says of Google's services.
const OF_OTHERS: [&str; 2] = ["up", "pubsub_googleapis_com:"];

const DASHBOARDS: [&str; 2] = ["deploy/grafana/dashboard.json", "deploy/monitoring/dashboard.json"];

/// Queries in a dashboard: the values of these keys, wherever they are.
fn queries(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value.as_str().filter(|_| key == "expr" || key == "prometheusQuery") {
                    Some(query) => found.push(query.to_owned()),
                    None => queries(value, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| queries(value, found)),
        _ => {}
    }
}

/// All queries, with where they are.
fn all() -> Vec<(String, String)> {
    let mut all: Vec<_> = rules().into_iter().map(|rule| (rule.name, rule.query)).collect();
    let runbook = read("docs/operations.md");
    let blocks = runbook.split("```promql\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    all.extend(blocks.map(|query| ("docs/operations.md".to_owned(), query.to_owned())));
    for file in DASHBOARDS {
        let mut found = vec![];
        queries(&serde_json::from_str(&read(file)).unwrap(), &mut found);
        assert!(found.len() >= 10, "{file} has {} queries", found.len());
        all.extend(found.into_iter().map(|query| (file.to_owned(), query)));
    }
    all
}

#[test]
fn every_metric_is_declared_with_the_labels_it_is_asked_by() {
    let declared = declared();
    for (place, query) in all() {
        let names = names(&query);
        assert!(!names.metrics.is_empty(), "{place}: {query}");
        let mut known: BTreeSet<&str> = OF_TARGET.into();
        for (name, labels) in &names.metrics {
            if OF_OTHERS.iter().any(|other| name == other || other.ends_with(':') && name.starts_with(other)) {
                known.extend(labels.iter().map(String::as_str));
                continue;
            }
            let family = declared.get(name).unwrap_or_else(|| panic!("{place}: there is no {name}"));
            for label in labels.iter().filter(|label| !OF_TARGET.contains(&label.as_str())) {
                assert!(family.labels.contains(label), "{place}: {name} has no label {label}");
            }
            known.extend(family.labels.iter().map(String::as_str));
        }
        for label in &names.grouped {
            assert!(known.contains(label.as_str()), "{place}: no metric has the label {label}: {query}");
        }
    }
}

#[test]
fn what_is_declared_is_what_the_document_lists() {
    let plain = |name: &String| {
        let end = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end));
        end.unwrap_or(name).to_owned()
    };
    let documented: BTreeSet<String> = declared().keys().map(plain).collect();
    assert_eq!(in_code(), documented);
}

#[test]
fn queries_of_dashboards_are_sound() {
    let mut rules = String::from("groups:\n  - name: dashboards\n    rules:\n");
    for (at, (_, query)) in all().iter().enumerate() {
        // What a dashboard fills in.
        let query = query.replace("$__rate_interval", "5m").replace("${__interval}", "5m");
        let query = Value::String(query);
        rules += &format!("      - record: query{at}\n        expr: {query}\n");
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rules.yaml"), rules).unwrap();
    promtool(folder.path(), &["check", "rules", "rules.yaml"]);
}
