//! What is counted and measured, in the form that Prometheus reads. `docs/metrics.md` lists all of it.
//!
//! Labels have few values each: routes are templates, methods and statuses are classes, languages are those that the
//! parser knows.

mod families;
mod process;
mod source;

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use prometheus::TextEncoder;

pub use families::Families;
pub use source::{Sample, Source};

/// The media type of what [`Metrics::text`] writes.
pub const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// All metrics.
pub struct Metrics {
    families: Families,
    sources: Mutex<Vec<Box<dyn Source>>>,
    started: Instant,
}

impl Metrics {
    /// Nothing counted yet.
    pub fn new() -> prometheus::Result<Self> {
        let families = Families::new()?;
        families.build_info.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        Ok(Self { families, sources: Mutex::default(), started: Instant::now() })
    }

    /// Adds what counts for itself.
    pub fn add(&self, source: impl Source + 'static) {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(source));
    }

    /// All of it, as of now.
    pub fn text(&self) -> prometheus::Result<String> {
        // Held to the end: what sources say is set while nobody else reads.
        let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        for sample in sources.iter().flat_map(|source| source.samples()) {
            self.families.set(&sample);
        }
        self.families.uptime.set(self.started.elapsed().as_secs_f64());
        if let Some(bytes) = process::resident_bytes() {
            self.families.memory.set(i64::try_from(bytes).unwrap_or(i64::MAX));
        }
        TextEncoder::new().encode_to_string(&self.families.registry.gather())
    }

    /// What sources say, for people.
    pub fn samples(&self) -> Vec<Sample> {
        let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        sources.iter().flat_map(|source| source.samples()).collect()
    }

    /// How long there is something to count.
    pub fn uptime(&self) -> Duration {
        self.started.elapsed()
    }

    /// A request came in.
    pub fn request_begun(&self) {
        self.families.in_flight.inc();
    }

    /// A request is over, its body's way out included.
    pub fn request_ended(&self, route: &str, method: &str, status: u16, elapsed: Duration) {
        let class = ["1xx", "2xx", "3xx", "4xx", "5xx"];
        let class = class.get(usize::from(status / 100).wrapping_sub(1)).copied().unwrap_or("other");
        self.families.in_flight.dec();
        self.families.requests.with_label_values(&[route, method, class]).inc();
        self.families.request_duration.with_label_values(&[route, method, class]).observe(elapsed.as_secs_f64());
    }

    /// Something was answered with a problem, or failed where nobody waits for an answer.
    pub fn failed(&self, kind: &str) {
        self.families.errors.with_label_values(&[kind]).inc();
    }

    /// A stage answered, or stopped.
    pub fn stage(&self, stage: &str, function: &str, elapsed: Duration) {
        self.families.stage_duration.with_label_values(&[stage, function]).observe(elapsed.as_secs_f64());
    }

    /// Sources were parsed: of each language so many files and bytes. The time is shared out by bytes.
    pub fn parsed<'a>(&self, languages: impl Iterator<Item = (&'a str, u64, u64)> + Clone, elapsed: Duration) {
        let all: u64 = languages.clone().map(|(.., bytes)| bytes).sum();
        for (language, files, bytes) in languages {
            #[allow(clippy::cast_precision_loss, reason = "a share of a time")]
            let share = elapsed.as_secs_f64() * bytes as f64 / all.max(1) as f64;
            self.families.parse_duration.with_label_values(&[language]).observe(share);
            self.families.parse_files.with_label_values(&[language]).inc_by(files);
        }
    }

    /// A message was worked on that was in the queue, or pulled.
    pub fn message(&self, outcome: &str, elapsed: Duration) {
        self.families.message_duration.with_label_values(&[outcome]).observe(elapsed.as_secs_f64());
    }

    /// A graph was built, or updated.
    pub fn graph(&self, nodes: usize, edges: usize, elapsed: Duration) {
        #[allow(clippy::cast_precision_loss, reason = "a size, for a bucket")]
        let [nodes, edges] = [nodes as f64, edges as f64];
        self.families.graph_nodes.observe(nodes);
        self.families.graph_edges.observe(edges);
        self.families.graph_duration.observe(elapsed.as_secs_f64());
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    const DOCUMENT: &str = include_str!("../../../../docs/metrics.md");

    struct Fixed;

    impl Source for Fixed {
        fn samples(&self) -> Vec<Sample> {
            vec![
                Sample::CacheRequests { layer: "memory", kind: "ast".into(), hits: 3, misses: 2, errors: 0 },
                Sample::CacheSize { layer: "memory", entries: 5, bytes: 100 },
                Sample::Queue { depth: 4, age: Duration::from_millis(1500) },
                Sample::Instances { function: "query", used: 1, limit: 64 },
            ]
        }
    }

    fn metrics() -> Metrics {
        let metrics = Metrics::new().unwrap();
        metrics.add(Fixed);
        metrics.request_begun();
        metrics.request_ended("/a", "GET", 200, Duration::from_millis(3));
        metrics.failed("not-found");
        metrics.stage("parser", "parse", Duration::from_millis(3));
        metrics.parsed([("rust", 2, 300), ("python", 1, 100)].into_iter(), Duration::from_secs(4));
        metrics.graph(10, 20, Duration::from_millis(3));
        metrics.message("done", Duration::from_secs(2));
        metrics
    }

    /// Name, type and labels of each family, as Prometheus sees them.
    fn shown(text: &str) -> BTreeMap<String, (String, BTreeSet<String>)> {
        let mut families: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
        for line in text.lines() {
            if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|rest| rest.split_once(' ')) {
                families.insert(name.to_owned(), (kind.to_owned(), BTreeSet::new()));
                continue;
            }
            let Some((name, rest)) = line.split_once('{').filter(|_| !line.starts_with('#')) else { continue };
            let plain = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
            let labels = rest.split('}').next().unwrap().split(',').map(|label| label.split('=').next().unwrap());
            let labels = labels.filter(|label| *label != "le").map(str::to_owned);
            families.get_mut(plain).unwrap().1.extend(labels);
        }
        families
    }

    #[test]
    fn the_document_lists_what_there_is() {
        let cells =
            |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
        let rows = DOCUMENT.lines().filter(|line| line.starts_with("| `")).map(cells);
        let documented = rows.map(|row| {
            let labels = row[3].split('`').skip(1).step_by(2).map(str::to_owned).collect();
            (row[0].trim_matches('`').to_owned(), (row[1].clone(), labels))
        });
        assert_eq!(shown(&metrics().text().unwrap()), documented.collect());
    }

    #[test]
    fn what_happened_is_counted() {
        let metrics = metrics();
        metrics.text().unwrap();
        // What a source says is what is shown, however often it is asked.
        let text = metrics.text().unwrap();
        for line in [
            "astlas_http_requests_total{method=\"GET\",route=\"/a\",status=\"2xx\"} 1",
            "astlas_http_requests_in_flight 0",
            "astlas_parse_duration_seconds_sum{language=\"rust\"} 3",
            "astlas_parse_files_total{language=\"python\"} 1",
            "astlas_cache_requests_total{kind=\"ast\",layer=\"memory\",result=\"hit\"} 3",
            "astlas_queue_depth 4",
            "astlas_queue_age_seconds 1.5",
            "astlas_message_duration_seconds_sum{outcome=\"done\"} 2",
            "astlas_function_instances_limit{function=\"query\"} 64",
            "astlas_graph_edges_sum 20",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}: {text}");
        }
    }
}
