//! Work for whoever takes it: over Pub/Sub, or a queue in this process.

mod message;
mod pubsub;
mod pull;
mod queue;

use std::time::Duration;

use astlas_atlas::ports::{Unavailable, Verdict};
use astlas_conventions::verify;
use bytes::Bytes;

use crate::{EventsSettings, ForgeSettings, Health, OpenError};
use pubsub::Topic;
use queue::Queue;

pub use message::{given_up, tenant};
pub use pull::{Pulling, pull};

/// What is said of a message that could not be worked on: it is handed out again.
pub type Failed = String;

/// Where messages go in, and who may bring some.
pub struct Events {
    place: Place,
    secret: Option<String>,
}

enum Place {
    Queue(Queue),
    Topic(Topic),
}

impl Events {
    /// Opens the topic, if one is named; else a queue.
    pub fn open(settings: &EventsSettings, forge: &ForgeSettings) -> Result<Self, OpenError> {
        let place = match &settings.topic {
            Some(topic) => Place::Topic(Topic::open(topic, settings)?),
            None => Place::Queue(Queue::default()),
        };
        if forge.secret.as_deref() == Some("") {
            return Err(OpenError::new("forge.secret", "it is empty, so anybody could sign; take it away or fill it"));
        }
        Ok(Self { place, secret: forge.secret.clone() })
    }

    /// Hands over a tenant's messages: all of them or, with a queue, none.
    pub async fn publish(&self, tenant: &str, messages: Vec<Vec<u8>>) -> Result<(), Unavailable> {
        match &self.place {
            Place::Queue(queue) => queue.publish(tenant, messages),
            Place::Topic(topic) => topic.publish(tenant, &messages).await,
        }
    }

    /// Whether a body is from the forge, going by what it says in X-Hub-Signature-256.
    pub fn verify(&self, signature: &str, body: &[u8]) -> Verdict {
        self.secret.as_deref().map_or(Verdict::Unconfigured, |secret| verify(secret, signature, body))
    }

    /// Hands out the messages of the queue, one after the other, until it is `close`d and empty; a job uses all cores by
    /// itself. Each comes as the body that Pub/Sub would push. One that fails is handed out again, later each time; one that
    /// always does is `give_up`'s, with the reason, who is to see to it that somebody hears of it. With Pub/Sub there are
    /// none: this returns at once.
    pub async fn work<W, G>(&self, work: impl Fn(Bytes) -> W, give_up: impl Fn(Bytes, Failed) -> G)
    where
        W: Future<Output = Result<(), Failed>>,
        G: Future<Output = Result<(), Failed>>,
    {
        if let Place::Queue(queue) = &self.place {
            queue.work(work, give_up).await;
        }
    }

    /// The queue does not wait any more with what failed: it is to be empty soon.
    pub fn hurry(&self) {
        if let Place::Queue(queue) = &self.place {
            queue.hurry();
        }
    }

    /// The queue takes no more messages.
    pub fn close(&self) {
        if let Place::Queue(queue) = &self.place {
            queue.close();
        }
    }

    /// How many messages wait in the queue; `None`: there is none.
    pub fn waiting(&self) -> Option<usize> {
        match &self.place {
            Place::Queue(queue) => Some(queue.waiting()),
            Place::Topic(_) => None,
        }
    }

    /// How long the oldest message of the queue could have been worked on by now: one that is to be tried again later has no
    /// age until then. Zero: there is none, or no queue.
    pub fn age(&self) -> Duration {
        match &self.place {
            Place::Queue(queue) => queue.age(),
            Place::Topic(_) => Duration::ZERO,
        }
    }

    /// How it is doing.
    pub async fn check(&self) -> Health {
        match &self.place {
            Place::Queue(queue) => Health::of("queue", async { queue.check() }).await,
            Place::Topic(topic) => Health::of("pubsub", topic.check()).await,
        }
    }
}
