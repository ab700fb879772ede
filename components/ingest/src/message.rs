//! Messages: what is handed from one instance to another, as Pub/Sub delivers it.

use astlas_http::{Problem, ProblemType, decode, encode};
use base64::{Engine, engine::general_purpose::STANDARD};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Function, Ports, index::Batch, job::Job, unavailable};

/// What is to be done.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Message {
    /// Index a commit.
    Index(Job),
    /// Parse a part of a commit.
    Batch(Batch),
}

/// What Pub/Sub pushes; fields beside these are of no use here.
#[derive(Deserialize, JsonSchema)]
pub struct Push {
    message: Pushed,
    /// It is given up: it is not handed out any more. Only the host itself says so; Pub/Sub never does.
    #[serde(default)]
    #[schemars(skip)]
    given_up: Option<GivenUp>,
}

/// How a message comes to be given up.
#[derive(Deserialize)]
pub struct GivenUp {
    pub why: String,
    /// Whether who worked on it was just thrown out. If not, somebody else may be at work.
    pub is_free: bool,
}

#[derive(Deserialize, JsonSchema)]
struct Pushed {
    /// The message, in base64.
    data: String,
}

impl<P: Ports> Function<P> {
    /// Hands messages to whoever takes them.
    pub async fn publish(&self, messages: Vec<Message>) -> Result<(), Problem> {
        let messages: Result<Vec<_>, _> = messages.iter().map(encode).collect();
        self.ports.publish(messages?).await.map_err(unavailable)
    }

    /// Does what a message says. What can be done later is an error: the message comes again.
    pub async fn take(&self, body: &[u8]) -> Result<(), Problem> {
        let foreign = |error: String| ProblemType::InvalidRequest.with(format!("not a message of ours: {error}"));
        let push: Push = decode(body)?;
        let data = STANDARD.decode(push.message.data).map_err(|error| foreign(error.to_string()))?;
        let message = serde_json::from_slice(&data).map_err(|error| foreign(error.to_string()))?;
        if let Some(given_up) = push.given_up {
            return self.give_up(message, given_up).await;
        }
        match message {
            Message::Index(job) => self.index(job).await,
            Message::Batch(batch) => self.batch(batch).await,
        }
    }
}
