//! The OpenAPI document as this host serves it: what the functions say of themselves, what the host answers by itself
//! about a tenant, and what is asked of who calls.

use astlas_http::ProblemType;
use astlas_identity::{API_KEY, Access};
use http::{Method, StatusCode};
use http_body_util::{BodyExt, Limited};
use serde_json::{Value, json};

use crate::{
    admission::Admission,
    function::{Answer, problem},
    pages,
    route::Route,
};

/// Longest document, in bytes.
const LONGEST: usize = 16 << 20;

/// The functions' document, completed.
pub async fn completed(answer: Answer, admission: &Admission) -> Answer {
    if answer.status() != StatusCode::OK {
        return answer;
    }
    let body = Limited::new(answer.into_body(), LONGEST).collect().await;
    let document = body.ok().and_then(|body| serde_json::from_slice(&body.to_bytes()).ok());
    match document {
        Some(document) => pages::json(StatusCode::OK, &complete(document, admission)),
        None => problem(ProblemType::StageFailed.with("the document broke off; see the log")),
    }
}

fn complete(mut document: Value, admission: &Admission) -> Value {
    let failed = json!({
        "description": "What was wrong",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    });
    for (path, method, mut operation) in own() {
        operation["responses"]["default"] = failed.clone();
        document["paths"][path][method] = operation;
    }
    document["components"]["securitySchemes"] = json!({
        "bearer": { "type": "http", "scheme": "bearer", "description": "An API key or an identity token (OIDC)" },
        "apiKey": { "type": "apiKey", "in": "header", "name": API_KEY.as_str(), "description": "An API key" },
        "push": { "type": "http", "scheme": "bearer", "description": "The identity token of a push subscription" },
    });
    let Some(paths) = document["paths"].as_object_mut() else { return document };
    for (path, methods) in paths {
        let Some(methods) = methods.as_object_mut() else { continue };
        for (method, operation) in methods {
            let Ok(method) = Method::from_bytes(method.to_ascii_uppercase().as_bytes()) else { continue };
            operation["security"] = match Route::of(path).access(&method) {
                // The forge's signature is described with the operation.
                Access::Anonymous | Access::Forge => json!([]),
                Access::Push if admission.identity.takes_any_push() => json!([]),
                Access::Push => json!([{ "push": [] }]),
                Access::Role(role) => {
                    operation["x-role"] = json!(role);
                    match admission.identity.lets_anybody(role) {
                        true => json!([{}, { "bearer": [] }, { "apiKey": [] }]),
                        false => json!([{ "bearer": [] }, { "apiKey": [] }]),
                    }
                }
            };
        }
    }
    document
}

/// What the host answers by itself.
fn own() -> [(&'static str, &'static str, Value); 4] {
    let answered = |status: &str, schema: Value| json!({ status: { "description": "The answer", "content": { "application/json": { "schema": schema } } } });
    let id = json!({ "name": "key_id", "in": "path", "required": true, "schema": { "type": "string" } });
    let keys = json!({
        "type": "object", "required": ["keys"], "properties": { "keys": { "type": "array", "items": key() } },
    });
    let new = json!({
        "type": "object", "required": ["key", "secret"],
        "properties": { "key": key(), "secret": { "type": "string", "description": "The key itself; it is not kept" } },
    });
    let wanted = json!({
        "type": "object", "additionalProperties": false,
        "properties": {
            "role": role(),
            "label": { "type": "string", "default": "", "description": "What people call it; 200 bytes at most" },
            "expires_in_days": { "type": ["integer", "null"], "minimum": 0, "maximum": u64::MAX },
        },
    });
    let body = json!({ "required": true, "content": { "application/json": { "schema": wanted } } });
    [
        (
            "/api/v1/keys",
            "get",
            json!({
                "operationId": "Keys", "summary": "The tenant's API keys, without the keys themselves.",
                "responses": answered("200", keys),
            }),
        ),
        (
            "/api/v1/keys",
            "post",
            json!({
                "operationId": "CreateKey", "summary": "Makes an API key of the tenant's.", "requestBody": body,
                "responses": answered("201", new),
            }),
        ),
        (
            "/api/v1/keys/{key_id}",
            "delete",
            json!({
                "operationId": "RevokeKey", "summary": "Ends an API key of the tenant's.", "parameters": [id],
                "responses": answered("200", key()),
            }),
        ),
        (
            "/api/v1/usage",
            "get",
            json!({
                "operationId": "Usage", "summary": "What the tenant has used today, this month and the last, and its quotas.",
                "responses": answered("200", usage()),
            }),
        ),
    ]
}

fn role() -> Value {
    json!({ "type": "string", "enum": ["read", "index", "admin"], "default": "read" })
}

fn key() -> Value {
    let time = json!({ "type": "integer", "minimum": 0, "description": "Seconds since 1970" });
    let time_or_none = json!({ "type": ["integer", "null"], "minimum": 0, "description": "Seconds since 1970" });
    json!({
        "type": "object", "required": ["id", "role", "label", "created", "expires", "revoked"],
        "properties": {
            "id": { "type": "string" }, "role": role(), "label": { "type": "string" },
            "created": time, "expires": time_or_none, "revoked": time_or_none,
        },
    })
}

fn usage() -> Value {
    let count = json!({ "type": "integer", "minimum": 0 });
    let period = json!({
        "type": "object", "required": ["calls", "parsed_bytes", "cost"],
        "properties": {
            "calls": count, "parsed_bytes": count, "stored_gb_days": { "type": ["number", "null"] },
            "cost": {
                "type": "object", "description": "In billionths of the currency of the configured prices",
                "properties": { "calls": count, "parsed": count, "stored": count, "total": count },
            },
        },
    });
    let quota = json!({
        "type": "object", "required": ["name", "limit", "used"],
        "properties": {
            "name": { "type": "string" }, "limit": count, "used": count,
            "reset_seconds": { "type": ["integer", "null"], "minimum": 0 },
        },
    });
    json!({
        "type": "object", "required": ["tenant", "at_ms", "is_shared", "stored_bytes", "day", "month", "last_month", "quotas"],
        "properties": {
            "tenant": { "type": "string" }, "plan": { "type": ["string", "null"] },
            "at_ms": { "type": "integer", "description": "Milliseconds since 1970" },
            "is_shared": { "type": "boolean", "description": "Whether it is that of all instances" },
            "stored_bytes": count, "day": period, "month": period, "last_month": period,
            "quotas": { "type": "array", "items": quota },
        },
    })
}
