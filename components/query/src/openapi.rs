//! The OpenAPI document, made from the table of operations and their types.

use astlas_http::{Problem, encode};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use crate::operation::Operation;

/// Where schemas of types stand in the document.
const SCHEMAS: &str = "/components/schemas";

/// The document, as JSON.
pub fn document() -> Result<Vec<u8>, Problem> {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = SCHEMAS.into();
    let mut generator = settings.into_generator();
    let problem = Problem::schema(&mut generator);
    let paths: Map<String, Value> = Operation::ALL
        .iter()
        .map(|operation| (operation.path().to_owned(), path(*operation, &problem.clone().into(), &mut generator)))
        .collect();
    encode(&json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Astlas",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "An atlas of a codebase for agents that review and change code.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": { "schemas": generator.take_definitions(true) },
    }))
}

fn path(operation: Operation, problem: &Value, generator: &mut SchemaGenerator) -> Value {
    let (request, response) = operation.schemas(generator);
    let content = |media: &str, schema: Value| json!({ media: { "schema": schema } });
    json!({
        "post": {
            "operationId": format!("{operation:?}"),
            "summary": operation.summary(),
            "requestBody": { "required": true, "content": content("application/json", request.into()) },
            "responses": {
                "200": { "description": "The answer", "content": content("application/json", response.into()) },
                "default": {
                    "description": "What was wrong",
                    "content": content("application/problem+json", problem.clone()),
                },
            },
        }
    })
}
