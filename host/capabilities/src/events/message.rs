//! Messages in the form that Pub/Sub pushes.

use astlas_google::pubsub::TENANT;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

/// What the queue calls itself where a subscription stands.
const SUBSCRIPTION: &str = "queue";

/// What the host itself reads of a push.
#[derive(Deserialize)]
struct Push {
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    attributes: Attributes,
}

#[derive(Default, Deserialize)]
struct Attributes {
    tenant: Option<String>,
}

/// The body that a tenant's message is pushed in.
pub fn pushed(number: u64, tenant: &str, data: &[u8]) -> Bytes {
    let attributes = json!({ TENANT: tenant });
    let message = json!({ "data": STANDARD.encode(data), "attributes": attributes, "messageId": number.to_string() });
    json!({ "message": message, "subscription": SUBSCRIPTION }).to_string().into()
}

/// The same message, as it is pushed for the last time: it is given up. `is_free`: who worked on it was just thrown out.
pub fn given_up(body: &[u8], why: &str, is_free: bool) -> Option<Bytes> {
    let mut push: serde_json::Value = serde_json::from_slice(body).ok()?;
    push.as_object_mut()?.insert("given_up".into(), json!({ "why": why, "is_free": is_free }));
    Some(push.to_string().into())
}

/// Whose message is pushed, as its attributes say: published by us, they were written by the host. `None`: they do not
/// say, or the body is no push.
pub fn tenant(body: &[u8]) -> Option<String> {
    serde_json::from_slice::<Push>(body).ok()?.message.attributes.tenant
}
