//! What instances tell each other: over a channel of Redis.

use serde::{Deserialize, Serialize};

use crate::form::checksum;

/// What messages are called, for their checksum.
const NAME: &str = "news";

/// A message to all instances.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum News {
    /// These keys are forgotten.
    Forgotten(Vec<String>),
    /// There are values of these keys now, or nobody makes them any more.
    Settled(Vec<String>),
}

impl News {
    /// As it is sent: a checksum, for a key that was altered on its way is another key, then JSON.
    pub fn encode(&self) -> Vec<u8> {
        let news = serde_json::to_vec(self).unwrap_or_default();
        [&checksum(NAME, &news)[..], &news].concat()
    }

    /// What was sent; `None` if it is not ours, altered, or of another version.
    pub fn decode(message: &[u8]) -> Option<Self> {
        let (sum, news) = message.split_at_checked(8)?;
        if sum == checksum(NAME, news) { serde_json::from_slice(news).ok() } else { None }
    }
}
