//! What the service is told: one file, variables of the environment over it, flags over both. `deploy/astlas.toml` has
//! every setting with its default.

mod check;
mod layers;
mod node;
mod shown;

use std::{net::SocketAddr, num::NonZeroU64, time::Duration};

use astlas_capabilities::{BlobsSettings, CacheSettings, EventsSettings, ForgeSettings, Settings};
use astlas_identity::IdentitySettings;
use astlas_limits::{GateSettings, LimitsSettings};
use serde::Deserialize;

pub use layers::{ConfigurationError, Layers};

/// Every setting with its default, as a file.
pub const DEFAULTS: &str = include_str!("../../../../deploy/astlas.toml");

/// The whole configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Configuration {
    /// Where the service listens.
    pub listen: SocketAddr,
    /// Bytes between requests.
    pub cache: CacheSettings,
    /// Large values.
    pub blobs: BlobsSettings,
    /// Work for whoever takes it.
    pub events: EventsSettings,
    /// Where archives are fetched from.
    pub forge: ForgeSettings,
    /// The front door.
    pub http: HttpSettings,
    /// What answers.
    pub functions: FunctionsSettings,
    /// Who is let in.
    pub identity: IdentitySettings,
    /// How much each may.
    pub limits: LimitsSettings,
    /// How many are answered at once.
    pub gate: GateSettings,
    /// Logs and traces.
    pub telemetry: TelemetrySettings,
}

impl Default for Configuration {
    fn default() -> Self {
        let Settings { cache, blobs, events, forge } = Settings::default();
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            cache,
            blobs,
            events,
            forge,
            http: HttpSettings::default(),
            functions: FunctionsSettings::default(),
            identity: IdentitySettings::default(),
            limits: LimitsSettings::default(),
            gate: GateSettings::default(),
            telemetry: TelemetrySettings::default(),
        }
    }
}

impl Configuration {
    /// What the capabilities are made of.
    pub fn capabilities(&self) -> Settings {
        let Self { cache, blobs, events, forge, .. } = self.clone();
        Settings { cache, blobs, events, forge }
    }
}

/// The front door.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpSettings {
    /// Pages of other origins that may ask: `https://example.org`, or `*` for all.
    pub cors_origins: Vec<Origin>,
    /// Longest body of a request, in bytes: an archive.
    pub request_limit: u64,
    /// Longest body of a response, in bytes.
    pub response_limit: u64,
    /// How long a request may take, in seconds, its body's way in and out included.
    pub time_limit: NonZeroU64,
    /// How long a job may take, in seconds, and how long somebody may listen to it.
    pub job_limit: NonZeroU64,
    /// How long requests under way are waited for when the service is stopped, in seconds.
    pub grace: u64,
    /// How long connections are still taken after the service was told to stop, in seconds. Readiness says no meanwhile,
    /// so that a load balancer can look elsewhere.
    pub stop_delay: u64,
}

impl Default for HttpSettings {
    fn default() -> Self {
        const MINUTE: NonZeroU64 = NonZeroU64::MIN.saturating_add(59);
        Self {
            cors_origins: vec![],
            request_limit: 1 << 30,
            response_limit: 256 << 20,
            time_limit: MINUTE,
            job_limit: MINUTE.saturating_mul(NonZeroU64::MIN.saturating_add(14)),
            grace: 30,
            stop_delay: 0,
        }
    }
}

impl HttpSettings {
    /// As a duration.
    pub fn time_limit(&self) -> Duration {
        Duration::from_secs(self.time_limit.get())
    }

    /// As a duration.
    pub fn job_limit(&self) -> Duration {
        Duration::from_secs(self.job_limit.get())
    }
}

/// What answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FunctionsSettings {
    /// Memory of instances that wait for the next question with a repository open, in bytes, all together. 0: none waits.
    pub warm_bytes: u64,
    /// Most memory of one instance, in bytes; a gigabyte at most.
    pub instance_memory: u64,
    /// Most memory of a tenant's instances, in bytes, those that wait among them.
    pub tenant_memory: u64,
    /// Most memory of all instances, in bytes, likewise.
    pub memory: u64,
}

impl Default for FunctionsSettings {
    fn default() -> Self {
        Self { warm_bytes: 512 << 20, instance_memory: 1 << 30, tenant_memory: 3 << 30, memory: 4 << 30 }
    }
}

/// Where a page comes from, as browsers say it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Origin(String);

impl Origin {
    /// As browsers say it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it stands for all.
    pub fn is_any(&self) -> bool {
        self.0 == "*"
    }
}

impl TryFrom<String> for Origin {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let host = text.split_once("://").map_or("", |(_, host)| host);
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"/?#@,".contains(&byte);
        if text != "*" && (host.is_empty() || !host.bytes().all(is_plain)) {
            return Err(format!("{text:?} is no origin; expected one like https://example.org, or *"));
        }
        Ok(Self(text))
    }
}

/// Logs and traces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetrySettings {
    /// How log lines look; none: `text` on a terminal, `json` elsewhere.
    pub log: Option<LogForm>,
    /// What is worth a line.
    pub level: Level,
    /// Address of an OpenTelemetry collector that takes OTLP over HTTP: `/v1/traces` is below it. None: no traces.
    pub otlp_endpoint: Option<String>,
    /// Google's name of the project, so that Cloud Logging finds the trace of a line.
    pub project: Option<String>,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogForm {
    /// For programs, in the form that Cloud Logging takes.
    Json,
    /// For people.
    Text,
}

/// What is worth a line; each takes in those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// What failed.
    Error,
    /// What was made up for.
    Warn,
    /// Every request.
    #[default]
    Info,
    /// What a developer wants to see.
    Debug,
    /// Everything.
    Trace,
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_all_settings_has_the_defaults() {
        let file = Layers::new().with_text("astlas.toml", DEFAULTS).unwrap().read().unwrap();
        assert_eq!(file, Configuration::default());
    }

    #[test]
    fn what_the_file_shows_as_an_example_can_be_set() {
        let is_setting = |line: &&str| {
            let key = line.split_once(" = ").map(|(key, _)| key);
            line.starts_with('[') || key.is_some_and(|key| key.bytes().all(|it| it == b'_' || it.is_ascii_lowercase()))
        };
        let uncommented = |line: &'static str| line.strip_prefix("# ").filter(is_setting).unwrap_or(line);
        let uncommented = DEFAULTS.lines().map(uncommented).collect::<Vec<_>>().join("\n");
        let all = Layers::new().with_text("astlas.toml", &uncommented).unwrap().read().unwrap();
        assert!(all.cache.url.is_some() && all.telemetry.project.is_some() && all.forge.secret.is_some());
        assert!(!all.identity.issuers.is_empty() && !all.limits.tenants.is_empty());
    }
}
