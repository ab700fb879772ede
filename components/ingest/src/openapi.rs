//! The OpenAPI document, made from the tables of operations and their types.

use astlas_http::{Method, Problem, encode};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use crate::route::Operation;

/// Where schemas of types stand in the document.
const SCHEMAS: &str = "/components/schemas";

/// The document, as JSON.
pub fn document() -> Result<Vec<u8>, Problem> {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = SCHEMAS.into();
    // What may be left out of a request is another thing than what may be missing from an answer.
    let mut generators =
        Generators { asked: settings.clone().into_generator(), answered: settings.for_serialize().into_generator() };
    let problem = Value::from(Problem::schema(&mut generators.answered));
    let mut paths = Map::new();
    let mut add = |path: &str, method: Method, operation: Value| {
        let methods = paths.entry(path).or_insert_with(|| json!({}));
        methods[method.word().to_ascii_lowercase()] = operation;
    };
    for operation in astlas_query::Operation::ALL {
        add(operation.path(), Method::Post, read(*operation, &problem, &mut generators));
    }
    for operation in Operation::ALL {
        add(operation.path(), operation.method(), write(*operation, &problem, &mut generators));
    }
    let mut schemas = generators.asked.take_definitions(true);
    schemas.extend(generators.answered.take_definitions(true));
    encode(&json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Astlas",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "An atlas of a codebase for agents that review and change code.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": { "schemas": schemas },
    }))
}

/// What makes the schemas of requests, and those of answers.
struct Generators {
    asked: SchemaGenerator,
    answered: SchemaGenerator,
}

fn read(operation: astlas_query::Operation, problem: &Value, generators: &mut Generators) -> Value {
    let (request, response) = operation.schemas(&mut generators.asked, &mut generators.answered);
    json!({
        "operationId": format!("{operation:?}"),
        "summary": operation.summary(),
        "requestBody": { "required": true, "content": content(request.into()) },
        "responses": responses(200, Some(response.into()), problem),
    })
}

fn write(operation: Operation, problem: &Value, generators: &mut Generators) -> Value {
    let (request, response) = operation.schemas(&mut generators.asked, &mut generators.answered);
    let mut described = json!({
        "operationId": format!("{operation:?}"),
        "summary": operation.summary(),
        "responses": responses(operation.status(), response.map(Into::into), problem),
    });
    let parameters = parameters(operation, &mut generators.asked);
    if !parameters.is_empty() {
        described["parameters"] = parameters.into();
    }
    let body = match operation {
        Operation::Archive => Some(json!({ "application/octet-stream": {} })),
        // What GitHub sends; the fields that matter are told in the documentation of its events.
        Operation::Webhook => Some(content(json!({ "type": "object" }))),
        _ => request.map(|request| content(request.into())),
    };
    if let Some(body) = body {
        described["requestBody"] = json!({ "required": true, "content": body });
    }
    described
}

fn parameters(operation: Operation, generator: &mut SchemaGenerator) -> Vec<Value> {
    let mut schema = |name: &str| -> Value {
        match name {
            "repo_id" => generator.subschema_for::<astlas_http::RepoId>().into(),
            "commit_sha" => generator.subschema_for::<astlas_http::CommitSha>().into(),
            _ => json!({ "type": "string", "pattern": "^[A-Za-z0-9]+$" }),
        }
    };
    let names = operation.path().split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    let mut parameters: Vec<Value> = names
        .map(|(name, _)| json!({ "name": name, "in": "path", "required": true, "schema": schema(name) }))
        .collect();
    if operation == Operation::Jobs {
        let state = generator.subschema_for::<astlas_http::JobState>();
        parameters.push(json!({ "name": "state", "in": "query", "required": false, "schema": state }));
    }
    if operation == Operation::Webhook {
        for name in ["X-GitHub-Event", "X-GitHub-Delivery", "X-Hub-Signature-256"] {
            parameters.push(json!({ "name": name, "in": "header", "required": false, "schema": { "type": "string" } }));
        }
    }
    parameters
}

fn content(schema: Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

fn responses(status: u16, answer: Option<Value>, problem: &Value) -> Value {
    let mut answered = json!({ "description": "The answer" });
    if let Some(schema) = answer {
        answered["content"] = content(schema);
    }
    json!({
        status.to_string(): answered,
        "default": {
            "description": "What was wrong",
            "content": { "application/problem+json": { "schema": problem } },
        },
    })
}
