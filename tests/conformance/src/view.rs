//! What is looked at of an answer. Where others have a part in it (other repositories, other keys, how the service is
//! set up), only what is ours.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::{case::REPOSITORY, client::Answer};

/// What users of keys that cases make are told they are for.
pub const LABEL: &str = "conformance";

/// A way to look at an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// All of it.
    Whole,
    /// Nothing; the step is not in the golden.
    Nothing,
    /// Repositories: the one that most cases ask about, with commits in order of their names, for their times differ.
    OwnRepository,
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
            (Self::OwnRepository, Some(json)) => own_repository(json),
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

fn own_repository(answer: Value) -> Value {
    let mut answer = own(answer, "repos", |it| it["repo_id"] == REPOSITORY);
    if let Some(commits) = answer.pointer_mut("/repos/0/commits").and_then(Value::as_array_mut) {
        commits.sort_by_key(|commit| commit["commit_sha"].to_string());
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

/// Each operation, with what goes in and comes out, and the fields of that. Who may is the host's matter.
fn operations(document: &Value) -> Value {
    let mut found = BTreeMap::new();
    for (path, methods) in fields(&document["paths"]) {
        for (method, operation) in fields(methods) {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let parameters: Vec<&Value> = parameters.map(|it| &it["name"]).collect();
            let answers: Map<String, Value> =
                fields(&operation["responses"]).map(|(status, it)| (status.clone(), content(it))).collect();
            let described = json!({
                "operation_id": operation["operationId"], "parameters": parameters, "answers": answers,
                "request": content(&operation["requestBody"]),
            });
            found.insert(format!("{} {path}", method.to_ascii_uppercase()), described);
        }
    }
    let schemas = fields(&document["components"]["schemas"]);
    let schemas: Map<String, Value> = schemas.map(|(name, schema)| (name.clone(), names(schema))).collect();
    json!({"openapi": document["openapi"], "operations": found, "schemas": schemas})
}

/// What a body is: its media type, and the name of its schema or of its fields.
fn content(body: &Value) -> Value {
    let Some((media, body)) = fields(&body["content"]).next() else { return Value::Null };
    let schema = &body["schema"];
    let name = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next());
    json!([media, name.map_or_else(|| names(schema), Value::from)])
}

/// Names of the fields that a schema has, or the words that it knows.
fn names(schema: &Value) -> Value {
    let names: Vec<&String> = fields(&schema["properties"]).map(|(name, _)| name).collect();
    let words: Vec<&Value> = schema["oneOf"].as_array().into_iter().flatten().map(|word| &word["const"]).collect();
    match (names.is_empty(), words.is_empty()) {
        (false, _) => json!(names),
        (true, false) => json!(words),
        (true, true) => schema["enum"].clone(),
    }
}

fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
