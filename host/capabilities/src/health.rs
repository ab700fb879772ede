//! How a capability is doing.

use std::time::{Duration, Instant};

/// How what is behind a capability is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// What it is: `redis`, `sqlite`, `folder`, `storage`, `queue`, `pubsub`.
    pub name: &'static str,
    /// How long it took to answer; `Err` says why it did not.
    pub state: Result<Duration, String>,
}

impl Health {
    /// Times a question.
    pub(crate) async fn of<E: std::fmt::Display>(
        name: &'static str,
        question: impl Future<Output = Result<(), E>>,
    ) -> Self {
        let asked = Instant::now();
        let answer = question.await;
        Self { name, state: answer.map(|()| asked.elapsed()).map_err(|error| error.to_string()) }
    }
}
