//! A topic of Pub/Sub.

use std::time::Duration;

use astlas_atlas::ports::Unavailable;
use astlas_google::{
    Error, Request, Response,
    pubsub::{self, Project},
};

use crate::{
    EventsSettings, OpenError,
    web::{self, Again, Web},
    without_password,
};

/// Where messages are published.
pub struct Topic {
    google: Google,
    name: String,
}

/// Pub/Sub, and how to talk to it.
#[derive(Clone)]
pub struct Google {
    web: Web,
    pub project: Project,
}

impl Google {
    /// The project, wherever it is.
    pub fn open(settings: &EventsSettings) -> Result<Self, OpenError> {
        let missing = || OpenError::new("events.project", "it is missing; name the project of events.topic");
        let project = settings.project.as_deref().ok_or_else(missing)?;
        is_id("events.project", project)?;
        let emulator = std::env::var("PUBSUB_EMULATOR_HOST").ok().filter(|host| !host.is_empty());
        let (endpoint, is_emulator) = match (&settings.endpoint, emulator) {
            (Some(endpoint), _) => (endpoint.clone(), astlas_google::is_emulator(endpoint)),
            (None, Some(emulator)) => (emulator, true),
            (None, None) => (pubsub::ENDPOINT.into(), false),
        };
        let project = Project::new(&endpoint, project);
        // Any request has the address in it.
        let told = |error| OpenError::new("events.endpoint", format!("{:?} {error}", without_password(&endpoint)));
        project.look_up_topic("x").map_err(told)?;
        let web = Web::new(is_emulator, web::SILENCE);
        Ok(Self { web: web.map_err(|error| OpenError::new("events", web::told(&error)))?, project })
    }

    /// The same, for questions whose answers take so long.
    pub fn patient(&self, silence: Duration) -> Self {
        Self { web: self.web.patient(silence), project: self.project.clone() }
    }

    pub async fn ask<T>(
        &self,
        request: Result<Request, Error>,
        again: Again,
        read: impl FnOnce(Response) -> Result<T, Error>,
    ) -> Result<T, Unavailable> {
        let answer = self.web.send(request.map_err(told)?, again).await?;
        read(answer).map_err(told)
    }
}

impl Topic {
    pub fn open(name: &str, settings: &EventsSettings) -> Result<Self, OpenError> {
        is_id("events.topic", name)?;
        Ok(Self { google: Google::open(settings)?, name: name.into() })
    }

    /// Publishes a tenant's messages. Should it fail in the middle, some are published already; should an answer be lost, some are
    /// twice.
    pub async fn publish(&self, tenant: &str, messages: &[Vec<u8>]) -> Result<(), Unavailable> {
        for batch in pubsub::batches(messages) {
            let request = self.google.project.publish(&self.name, tenant, batch);
            let read = |answer| Project::published(answer, batch.len());
            self.google.ask(request, Again::Harmless, read).await?;
        }
        Ok(())
    }

    pub async fn check(&self) -> Result<(), Unavailable> {
        let request = self.google.project.look_up_topic(&self.name);
        self.google.ask(request, Again::Harmful, Project::done).await
    }
}

/// Whether this is the name of a thing of Google's, and not a path to it.
pub fn is_id(setting: &'static str, name: &str) -> Result<(), OpenError> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~+%:".contains(&byte);
    if name.len() >= 3 && name.bytes().all(is_plain) {
        return Ok(());
    }
    Err(OpenError::new(setting, format!("{name:?} is no name; give it without projects/… in front")))
}

fn told(error: Error) -> Unavailable {
    Unavailable(format!("pubsub: {error}"))
}
