//! What the service says about itself while it runs: log lines, and traces where somebody collects them.

mod context;
mod log;
mod traces;

use std::io::IsTerminal;

use tracing::{Metadata, Span, level_filters::LevelFilter};
use tracing_subscriber::{Layer, Registry, filter::filter_fn, layer::SubscriberExt, registry::LookupSpan};

use crate::configuration::{ConfigurationError, Level, LogForm, TelemetrySettings};

pub use context::{REQUEST_ID, TRACEPARENT, TraceContext, request_id};
pub use log::{REQUEST, RequestNames, say};
pub use traces::continued;

/// All that is ours is called so.
const OURS: &str = "astlas";

/// Says what there is to say for as long as it is there. To be dropped where nothing asynchronous runs any more.
pub struct Telemetry(#[allow(dead_code, reason = "sends its rest when it is dropped")] Option<traces::Traces>);

impl Telemetry {
    /// Begins, for the whole process.
    pub fn start(settings: &TelemetrySettings) -> Result<Self, ConfigurationError> {
        let automatic = if std::io::stderr().is_terminal() { LogForm::Text } else { LogForm::Json };
        let level = filter_of(settings.level);
        let log = log::Log::new(settings.log.unwrap_or(automatic), settings.project.clone());
        // Spans are always there: they say which request a line is about.
        let log = log.with_filter(
            filter_fn(move |it| {
                is_ours(it) && (it.is_span() || *it.level() <= level) || *it.level() <= level.min(LevelFilter::WARN)
            })
            .with_max_level_hint(level.max(LevelFilter::INFO)),
        );
        let traces = settings.otlp_endpoint.as_deref().map(traces::Traces::to).transpose()?;
        let spans = traces.as_ref().map(|traces| {
            let layer = tracing_opentelemetry::layer().with_tracer(traces.tracer());
            let layer =
                layer.with_location(false).with_threads(false).with_tracked_inactivity(false).with_target(false);
            layer.with_filter(filter_fn(|it| is_ours(it) && it.is_span()).with_max_level_hint(LevelFilter::INFO))
        });
        // Whoever embeds the service and says more about itself keeps saying it.
        let _ = tracing::subscriber::set_global_default(Registry::default().with(log).with(spans));
        Ok(Self(traces))
    }
}

/// Whether the settings can be meant.
pub fn check(settings: &TelemetrySettings) -> Result<(), ConfigurationError> {
    settings.otlp_endpoint.as_deref().map_or(Ok(()), |endpoint| traces::exporter(endpoint).map(drop))
}

fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with(OURS)
}

fn filter_of(level: Level) -> LevelFilter {
    match level {
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
        Level::Trace => LevelFilter::TRACE,
    }
}

/// Has every line that is written in a span, or below it, say these names.
pub fn name(span: &Span, names: RequestNames) {
    span.with_subscriber(|(id, subscriber)| {
        let registry = subscriber.downcast_ref::<Registry>();
        if let Some(span) = registry.and_then(|registry| registry.span(id)) {
            span.extensions_mut().insert(names);
        }
    });
}
