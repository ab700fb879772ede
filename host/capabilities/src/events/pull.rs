//! Takes messages from a subscription, for workers that nobody can push to.

use std::time::Duration;

use astlas_google::pubsub::{Project, Received};
use bytes::Bytes;
use tokio::{task::JoinSet, time::sleep};

use super::{
    Failed,
    pubsub::{Google, is_id},
};
use crate::{EventsSettings, OpenError, web::Again};

/// How long a message is kept at a time, and how often that is prolonged while it is worked on.
const KEPT: u32 = 60;
const PROLONGED: Duration = Duration::from_secs(20);
/// How long is waited for messages at most: Pub/Sub answers after less.
const SILENCE: Duration = Duration::from_secs(120);
/// How long is waited after a question that was not answered: the first time, and at most.
const PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A subscription.
#[derive(Clone)]
pub struct Pulling {
    google: Google,
    /// For messages to come; everything else is answered at once.
    waiting: Google,
    subscription: String,
}

/// The subscription to take messages from.
pub fn pull(settings: &EventsSettings) -> Result<Pulling, OpenError> {
    let missing = || {
        let message = "it is missing; name the subscription that the worker takes messages from";
        OpenError::new("events.subscription", message)
    };
    let subscription = settings.subscription.clone().ok_or_else(missing)?;
    is_id("events.subscription", &subscription)?;
    let google = Google::open(settings)?;
    Ok(Pulling { waiting: google.patient(SILENCE), google, subscription })
}

impl Pulling {
    /// Hands out messages, up to `at_once` at a time, until `stop`; then those under way are finished. Each comes as the
    /// body that Pub/Sub would push. One that fails is given back, and comes again.
    pub async fn run<W: Future<Output = Result<(), Failed>> + Send + 'static>(
        &self,
        at_once: usize,
        work: impl Fn(Bytes) -> W,
        stop: impl Future<Output = ()>,
    ) {
        let (mut stop, mut under_way, mut pause) = (std::pin::pin!(stop), JoinSet::new(), PAUSE);
        loop {
            while under_way.try_join_next().is_some() {}
            // There may be more than were asked for.
            let room = at_once.max(1).saturating_sub(under_way.len());
            if room == 0 {
                tokio::select! {
                    () = &mut stop => break,
                    _ = under_way.join_next() => continue,
                }
            }
            let pulled = tokio::select! {
                // What was on its way comes again.
                () = &mut stop => break,
                pulled = self.pull(room) => pulled,
            };
            match pulled {
                Ok(messages) => {
                    pause = PAUSE;
                    for message in messages {
                        if !message.is_sound {
                            // Altered on its way here, or before it was kept. It comes again once its time is over.
                            tracing::warn!(name: "events.altered", "a message does not add up and is left alone");
                            continue;
                        }
                        let (pulling, work) = (self.clone(), work(message.body.clone()));
                        under_way.spawn(async move { pulling.see_through(message, work).await });
                    }
                }
                Err(why) => {
                    tracing::warn!(name: "events.pull", "no messages for now: {why}");
                    tokio::select! {
                        () = &mut stop => break,
                        () = sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
                    }
                }
            }
        }
        while under_way.join_next().await.is_some() {}
    }

    async fn pull(&self, most: usize) -> Result<Vec<Received>, String> {
        let request = self.google.project.pull(&self.subscription, most);
        let read = |answer| self.google.project.pull_answer(&self.subscription, answer);
        // Asked again by the loop, which knows when to stop.
        self.waiting.ask(request, Again::Harmful, read).await.map_err(|error| error.to_string())
    }

    /// Keeps a message while it is worked on; then acknowledges it, or gives it back.
    async fn see_through(&self, message: Received, work: impl Future<Output = Result<(), Failed>>) {
        let prolong = async {
            loop {
                self.keep(&message.ack, KEPT).await;
                sleep(PROLONGED).await;
            }
        };
        let done = tokio::select! {
            done = work => done,
            // Never done.
            () = prolong => return,
        };
        match done {
            Ok(()) => {
                tracing::debug!(name: "events.done", "a message is done with");
                let request = self.google.project.acknowledge(&self.subscription, &message.ack);
                if let Err(error) = self.google.ask(request, Again::Harmless, Project::done).await {
                    tracing::warn!(name: "events.acknowledge", "a message that is done with comes again: {error}");
                }
            }
            Err(failed) => {
                tracing::warn!(name: "events.again", "a message is given back: {failed}");
                self.keep(&message.ack, 0).await;
            }
        }
    }

    async fn keep(&self, ack: &str, seconds: u32) {
        let request = self.google.project.keep(&self.subscription, ack, seconds);
        if let Err(error) = self.google.ask(request, Again::Harmless, Project::done).await {
            tracing::debug!(name: "events.keep", "a message may come again: {error}");
        }
    }
}
