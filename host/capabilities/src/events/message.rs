//! Messages in the form that Pub/Sub pushes.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::json;

/// What the queue calls itself where a subscription stands.
const SUBSCRIPTION: &str = "queue";

/// The body that a message is pushed in.
pub fn pushed(number: u64, data: &[u8]) -> Bytes {
    let message = json!({ "data": STANDARD.encode(data), "messageId": number.to_string() });
    json!({ "message": message, "subscription": SUBSCRIPTION }).to_string().into()
}
