//! What is looked at of an answer. Where others have a part in it (other repositories, other keys, how the service is
//! set up), only what is ours.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::{case::OWN, client::Answer};

/// What users of keys that cases make are told they are for.
pub const LABEL: &str = "conformance";

/// A way to look at an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// All of it.
    Whole,
    /// Nothing; the step is not in the golden.
    Nothing,
    /// Repositories: ours, with commits in order of their names, for their times differ.
    OwnRepositories,
    /// Jobs: the one that was started last.
    OwnJob,
    /// Keys: those that cases made and that still hold.
    OwnKeys,
    /// Server-sent events: what the last one says.
    LastEvent,
    /// Of JSON, which fields there are and of what type.
    Shape,
    /// `status` alone: the rest is about what the service stands on.
    StatusField,
    /// Metrics: that there are some.
    Metrics,
    /// A page: its title.
    Title,
    /// The OpenAPI document: what can be asked, with what, and what is answered.
    Operations,
}

impl View {
    /// What is seen of an answer. `job` was started last.
    pub fn of(self, answer: &Answer, job: &str) -> Value {
        let text = String::from_utf8_lossy(&answer.body);
        let is_json = answer.header("content-type").contains("json");
        let read = |text: &str| serde_json::from_str(text).ok();
        let json = if is_json { read(&text) } else { None };
        match (self, json) {
            (Self::LastEvent, None) => {
                let last = text.lines().filter_map(|line| line.strip_prefix("data: ")).next_back().unwrap_or_default();
                let events = text.lines().filter_map(|line| line.strip_prefix("event: ")).next_back();
                json!({"event": events, "data": read(last)})
            }
            (Self::Metrics, None) => json!(text.lines().any(|line| line.starts_with("# TYPE astlas_"))),
            (Self::Title, None) => {
                let title = text.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
                json!(title.map(|(title, _)| title))
            }
            (_, None) if text.is_empty() => Value::Null,
            (_, None) => json!(text),
            // A problem is seen as a whole.
            (_, Some(json)) if answer.status >= 400 => json,
            (Self::OwnRepositories, Some(json)) => own_repositories(json),
            (Self::OwnJob, Some(json)) => own(json, "jobs", |it| it["job_id"] == job),
            (Self::OwnKeys, Some(json)) => own(json, "keys", |it| it["label"] == LABEL && it["revoked"].is_null()),
            (Self::Shape, Some(json)) => shape(&json),
            (Self::StatusField, Some(json)) => json!({"status": json["status"]}),
            (Self::Operations, Some(json)) => operations(&json),
            (_, Some(json)) => json,
        }
    }
}

/// Of a list in a field, what is ours.
fn own(mut answer: Value, field: &str, is_own: impl Fn(&Value) -> bool) -> Value {
    if let Some(all) = answer.get_mut(field).and_then(Value::as_array_mut) {
        all.retain(is_own);
    }
    answer
}

fn own_repositories(answer: Value) -> Value {
    let is_own = |it: &Value| it["repo_id"].as_str().is_some_and(|name| name.starts_with(OWN));
    let mut answer = own(answer, "repos", is_own);
    for repository in answer["repos"].as_array_mut().into_iter().flatten() {
        if let Some(commits) = repository["commits"].as_array_mut() {
            commits.sort_by_key(|commit| commit["commit_sha"].to_string());
        }
    }
    answer
}

fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
        Value::Array(_) => json!("<list>"),
        Value::Number(_) => json!("<number>"),
        Value::String(_) => json!("<text>"),
        Value::Bool(_) => json!("<bool>"),
        Value::Null => Value::Null,
    }
}

/// Each operation, with names of what goes in and comes out. Who may is the host's matter.
fn operations(document: &Value) -> Value {
    let fields = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let mut found = BTreeMap::new();
    for (path, methods) in fields(&document["paths"]) {
        for (method, operation) in fields(&methods) {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let parameters: Vec<Value> = parameters.map(|it| it["name"].clone()).collect();
            let answers: Map<String, Value> =
                fields(&operation["responses"]).into_iter().map(|(status, it)| (status, content(&it))).collect();
            let described = json!({
                "id": operation["operationId"], "parameters": parameters, "answers": answers,
                "request": content(&operation["requestBody"]),
            });
            found.insert(format!("{} {path}", method.to_ascii_uppercase()), described);
        }
    }
    json!({"openapi": document["openapi"], "operations": found})
}

/// What a body is: its media type and what it refers to, else what it holds.
fn content(body: &Value) -> Value {
    let Some((media, body)) = body["content"].as_object().and_then(|content| content.iter().next()) else {
        return Value::Null;
    };
    let schema = &body["schema"];
    let name = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next());
    json!([
        media,
        name.map_or_else(
            || schema["properties"].as_object().map(|it| json!(it.keys().collect::<Vec<_>>())).unwrap_or(Value::Null),
            Value::from
        )
    ])
}
