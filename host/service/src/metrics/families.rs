//! The families of metrics: name, meaning, labels.

use prometheus::{
    Gauge, Histogram, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, Result,
    core::Collector,
};

use super::Sample;

/// Upper ends of the buckets of a time, in seconds: an answer from memory takes less than a millisecond, an index of a
/// large repository a minute. An alert of deploy/prometheus looks at 30.
const SECONDS: [f64; 16] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 30.0, 60.0];
/// Upper ends of the buckets of a size.
const SIZES: [f64; 8] = [10.0, 100.0, 1e3, 3e3, 1e4, 3e4, 1e5, 1e6];

/// Every family.
pub struct Families {
    pub registry: Registry,
    pub requests: IntCounterVec,
    pub request_duration: HistogramVec,
    pub in_flight: IntGauge,
    pub errors: IntCounterVec,
    pub stage_duration: HistogramVec,
    pub parse_duration: HistogramVec,
    pub parse_files: IntCounterVec,
    pub graph_duration: Histogram,
    pub graph_nodes: Histogram,
    pub graph_edges: Histogram,
    pub message_duration: HistogramVec,
    pub uptime: Gauge,
    pub memory: IntGauge,
    pub build_info: IntGaugeVec,
    instances_used: IntGaugeVec,
    instances_limit: IntGaugeVec,
    warm_instances: IntGauge,
    warm_bytes: IntGauge,
    queue_depth: IntGauge,
    queue_age: Gauge,
    cache_requests: IntCounterVec,
    cache_entries: IntGaugeVec,
    cache_bytes: IntGaugeVec,
}

impl Families {
    pub fn new() -> Result<Self> {
        let registry = Registry::new();
        let counter = |name, help, labels: &[&str]| kept(&registry, IntCounterVec::new(Opts::new(name, help), labels));
        let gauge = |name, help, labels: &[&str]| kept(&registry, IntGaugeVec::new(Opts::new(name, help), labels));
        let number = |name, help| kept(&registry, IntGauge::new(name, help));
        let time = |name, help, labels: &[&str]| {
            kept(&registry, HistogramVec::new(HistogramOpts::new(name, help).buckets(SECONDS.into()), labels))
        };
        let sizes = |name, help, buckets: &[f64]| {
            kept(&registry, Histogram::with_opts(HistogramOpts::new(name, help).buckets(buckets.into())))
        };
        let of_request = ["route", "method", "status"];
        Ok(Self {
            requests: counter("astlas_http_requests_total", "Requests answered", &of_request)?,
            request_duration: time(
                "astlas_http_request_duration_seconds",
                "Time to the end of a response",
                &of_request,
            )?,
            in_flight: number("astlas_http_requests_in_flight", "Requests under way")?,
            errors: counter("astlas_errors_total", "Problems answered, and failures nobody waits for", &["kind"])?,
            stage_duration: time("astlas_stage_duration_seconds", "Time of a stage's call", &["stage", "function"])?,
            parse_duration: time("astlas_parse_duration_seconds", "Time of a parser call", &["language"])?,
            parse_files: counter("astlas_parse_files_total", "Files parsed", &["language"])?,
            graph_duration: sizes("astlas_graph_build_duration_seconds", "Time to build or update a graph", &SECONDS)?,
            graph_nodes: sizes("astlas_graph_nodes", "Files of a graph that was built or updated", &SIZES)?,
            graph_edges: sizes("astlas_graph_edges", "Edges of a graph that was built or updated", &SIZES)?,
            message_duration: time("astlas_message_duration_seconds", "Time of the work on a message", &["outcome"])?,
            uptime: kept(&registry, Gauge::new("astlas_uptime_seconds", "Time since the start"))?,
            memory: number("process_resident_memory_bytes", "Memory of the process")?,
            build_info: gauge("astlas_build_info", "Always 1; the label says what runs", &["version"])?,
            instances_used: gauge("astlas_function_instances_used", "Instances that work", &["function"])?,
            instances_limit: gauge(
                "astlas_function_instances_limit",
                "Instances that may work at once",
                &["function"],
            )?,
            warm_instances: number("astlas_warm_instances", "Instances that wait with a repository open")?,
            warm_bytes: number("astlas_warm_bytes", "Memory of the instances that wait")?,
            queue_depth: number("astlas_queue_depth", "Messages of the queue in the process that wait")?,
            queue_age: kept(
                &registry,
                Gauge::new("astlas_queue_age_seconds", "How long the oldest message of that queue has waited"),
            )?,
            cache_requests: counter("astlas_cache_requests_total", "Values asked for", &["layer", "kind", "result"])?,
            cache_entries: gauge("astlas_cache_entries", "Values kept", &["layer"])?,
            cache_bytes: gauge("astlas_cache_bytes", "Bytes of the values kept", &["layer"])?,
            registry,
        })
    }

    /// Shows what a source says.
    pub fn set(&self, sample: &Sample) {
        let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        match sample {
            Sample::CacheRequests { layer, kind, hits, misses, errors } => {
                for (result, count) in [("hit", *hits), ("miss", *misses), ("error", *errors)] {
                    let counter = self.cache_requests.with_label_values(&[*layer, kind.as_str(), result]);
                    counter.reset();
                    counter.inc_by(count);
                }
            }
            Sample::CacheSize { layer, entries, bytes } => {
                self.cache_entries.with_label_values(&[*layer]).set(number(*entries));
                self.cache_bytes.with_label_values(&[*layer]).set(number(*bytes));
            }
            Sample::Queue { depth, age } => {
                self.queue_depth.set(number(*depth));
                self.queue_age.set(age.as_secs_f64());
            }
            Sample::Warm { instances, bytes } => {
                self.warm_instances.set(number(*instances));
                self.warm_bytes.set(number(*bytes));
            }
            Sample::Instances { function, used, limit } => {
                self.instances_used.with_label_values(&[*function]).set(number(*used));
                self.instances_limit.with_label_values(&[*function]).set(number(*limit));
            }
        }
    }
}

/// A family that the registry knows.
fn kept<F: Collector + Clone + 'static>(registry: &Registry, family: Result<F>) -> Result<F> {
    let family = family?;
    registry.register(Box::new(family.clone()))?;
    Ok(family)
}
