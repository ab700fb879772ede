//! Traces to an OpenTelemetry collector, by OTLP over HTTP. A thread of its own sends them: no request waits for it, and
//! what does not fit its queue is lost.

use std::time::Duration;

use opentelemetry::{
    KeyValue, SpanId, TraceFlags, TraceId,
    trace::{SpanContext, TraceContextExt, TraceState, TracerProvider},
};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{SdkTracer, SdkTracerProvider},
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::TraceContext;
use crate::configuration::ConfigurationError;

/// How long is waited for what is still to be sent when the service ends.
const FLUSH_LIMIT: Duration = Duration::from_secs(5);

/// Sends traces for as long as it is there.
pub struct Traces(SdkTracerProvider);

/// What sends them to the collector at this address.
pub fn exporter(endpoint: &str) -> Result<SpanExporter, ConfigurationError> {
    SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .build()
        .map_err(|error| ConfigurationError {
            origin: "telemetry.otlp_endpoint".into(),
            message: format!("{error}; expected an address like http://127.0.0.1:4318"),
        })
}

impl Traces {
    /// To the collector at this address.
    pub fn to(endpoint: &str) -> Result<Self, ConfigurationError> {
        let exporter = exporter(endpoint)?;
        let mut resource =
            Resource::builder().with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
        if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
            resource = resource.with_service_name("astlas");
        }
        Ok(Self(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource.build()).build()))
    }

    pub fn tracer(&self) -> SdkTracer {
        self.0.tracer("astlas")
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown_with_timeout(FLUSH_LIMIT) {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// Makes a span the continuation of what came in, if anything did, and says where it is. Without traces it is somewhere
/// all the same, for the lines of the log.
pub fn continued(span: &Span, parent: Option<TraceContext>) -> TraceContext {
    if let Some(TraceContext { trace, span: parent, is_sampled }) = parent {
        let flags = TraceFlags::default().with_sampled(is_sampled);
        let (trace, parent) = (TraceId::from_bytes(trace.to_be_bytes()), SpanId::from_bytes(parent.to_be_bytes()));
        let parent = SpanContext::new(trace, parent, flags, true, TraceState::NONE);
        // Fails where there are no traces.
        let _ = span.set_parent(opentelemetry::Context::new().with_remote_span_context(parent));
    }
    let context = span.context();
    let here = context.span().span_context().clone();
    if !here.is_valid() {
        return parent.map_or_else(TraceContext::new, TraceContext::child);
    }
    TraceContext {
        trace: u128::from_be_bytes(here.trace_id().to_bytes()),
        span: u64::from_be_bytes(here.span_id().to_bytes()),
        is_sampled: here.is_sampled(),
    }
}
