//! Messages of Pub/Sub.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::header;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Error, Request, Response, answer, encoded, endpoint, storage::Content};

/// Google's address.
pub const ENDPOINT: &str = "https://pubsub.googleapis.com";

/// Most messages that are published at once.
pub const BATCH_MESSAGES: usize = 1000;
/// Most bytes that are published at once: Google takes 10 MB, the form they are sent in included.
pub const BATCH_BYTES: usize = 9_000_000;
/// What a message takes beside its data, in bytes: the longest name of a tenant has 64.
const FRAME: usize = 160;
/// The attribute that says what the data have to add up to: Pub/Sub itself keeps no checksum.
const CHECKSUM: &str = "crc32c";
/// The attribute that says whose the message is.
pub const TENANT: &str = "tenant";

/// Topics and subscriptions of one project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    endpoint: String,
    name: String,
}

/// A message that was taken, and what to give it back or acknowledge it with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Names this delivery.
    pub ack: String,
    /// What Pub/Sub would push: `{"message": …, "subscription": …}`.
    pub body: Bytes,
    /// Whether the data are those that were published, as far as the message says.
    pub is_sound: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Taken {
    message_ids: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pulled {
    #[serde(default)]
    received_messages: Vec<PulledMessage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PulledMessage {
    ack_id: String,
    message: serde_json::Value,
}

/// What Pub/Sub pushes.
#[derive(Serialize)]
struct Pushed<'a> {
    message: &'a serde_json::Value,
    subscription: &'a str,
}

/// Whether the data of a message add up to what it says; one that says nothing is of others.
fn is_sound(message: &serde_json::Value) -> bool {
    let Some(told) = message["attributes"][CHECKSUM].as_str() else { return true };
    let data = STANDARD.decode(message["data"].as_str().unwrap_or_default());
    data.is_ok_and(|data| Content::of(&data).checksum() == told)
}

/// How many bytes a message takes in a batch.
fn sent_length(message: &[u8]) -> usize {
    message.len().div_ceil(3) * 4 + FRAME
}

/// The batches in which messages are published, in order. One that is too long by itself is in a batch of its own.
pub fn batches<M: AsRef<[u8]>>(messages: &[M]) -> Vec<&[M]> {
    let (mut batches, mut start, mut bytes) = (vec![], 0, 0);
    for (at, message) in messages.iter().enumerate() {
        let length = sent_length(message.as_ref());
        if at > start && (at - start == BATCH_MESSAGES || bytes + length > BATCH_BYTES) {
            batches.push(&messages[start..at]);
            (start, bytes) = (at, 0);
        }
        bytes += length;
    }
    if start < messages.len() {
        batches.push(&messages[start..]);
    }
    batches
}

impl Project {
    /// The project of this name; `endpoint` may lack its scheme, as that of an emulator does.
    pub fn new(endpoint: &str, name: &str) -> Self {
        Self { endpoint: self::endpoint(endpoint), name: name.into() }
    }

    fn topic(&self, topic: &str) -> String {
        format!("{}/v1/projects/{}/topics/{}", self.endpoint, encoded(&self.name), encoded(topic))
    }

    fn subscription(&self, subscription: &str) -> String {
        format!("{}/v1/projects/{}/subscriptions/{}", self.endpoint, encoded(&self.name), encoded(subscription))
    }

    /// Asks whether there is such a topic.
    pub fn look_up_topic(&self, topic: &str) -> Result<Request, Error> {
        Ok(http::Request::get(self.topic(topic)).body(Bytes::new())?)
    }

    /// Hands over a tenant's messages: one of the `batches`.
    pub fn publish<M: AsRef<[u8]>>(&self, topic: &str, tenant: &str, messages: &[M]) -> Result<Request, Error> {
        let message = |message: &M| {
            let checksum = Content::of(message.as_ref()).checksum();
            json!({ "data": STANDARD.encode(message), "attributes": { CHECKSUM: checksum, TENANT: tenant } })
        };
        let messages: Vec<_> = messages.iter().map(message).collect();
        post(format!("{}:publish", self.topic(topic)), &json!({ "messages": messages }))
    }

    /// Whether so many messages were taken.
    pub fn published(response: Response, count: usize) -> Result<(), Error> {
        let taken: Taken = answer::json(response)?;
        if taken.message_ids.len() == count {
            Ok(())
        } else {
            Err(Error::Unreadable("not all messages were taken".into()))
        }
    }

    /// Asks for up to `most` messages; the answer waits a while for the first.
    pub fn pull(&self, subscription: &str, most: usize) -> Result<Request, Error> {
        post(format!("{}:pull", self.subscription(subscription)), &json!({ "maxMessages": most }))
    }

    /// The messages.
    pub fn pull_answer(&self, subscription: &str, response: Response) -> Result<Vec<Received>, Error> {
        let pulled: Pulled = answer::json(response)?;
        let name = format!("projects/{}/subscriptions/{subscription}", self.name);
        let received = |PulledMessage { ack_id, message }| {
            let body = serde_json::to_vec(&Pushed { message: &message, subscription: &name });
            let body = body.map_err(|error| Error::Unreadable(error.to_string()))?.into();
            Ok(Received { ack: ack_id, body, is_sound: is_sound(&message) })
        };
        pulled.received_messages.into_iter().map(received).collect()
    }

    /// Says that a message is done with.
    pub fn acknowledge(&self, subscription: &str, ack: &str) -> Result<Request, Error> {
        post(format!("{}:acknowledge", self.subscription(subscription)), &json!({ "ackIds": [ack] }))
    }

    /// Keeps a message for so many seconds from now on; none: it is given back.
    pub fn keep(&self, subscription: &str, ack: &str, seconds: u32) -> Result<Request, Error> {
        let body = json!({ "ackIds": [ack], "ackDeadlineSeconds": seconds });
        post(format!("{}:modifyAckDeadline", self.subscription(subscription)), &body)
    }

    /// Whether what was asked is done.
    pub fn done(response: Response) -> Result<(), Error> {
        answer::good(response).map(drop)
    }
}

fn post(address: String, body: &serde_json::Value) -> Result<Request, Error> {
    let request = http::Request::post(address).header(header::CONTENT_TYPE, "application/json");
    Ok(request.body(body.to_string().into())?)
}
