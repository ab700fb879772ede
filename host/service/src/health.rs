//! How the service is: what it depends on, whether it can work, whether it should be asked.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use astlas_atlas::ports::{Source, Stages};
use astlas_engine::Runtime;
use serde_json::{Value, json};
use tokio::{
    sync::Mutex,
    task::JoinSet,
    time::{Instant, timeout},
};

use crate::metrics::{Metrics, Sample};

/// How long a check may take.
const CHECK_LIMIT: Duration = Duration::from_secs(2);
/// How long what was found counts: whoever asks more often gets the same.
const FRESH: Duration = Duration::from_secs(1);

/// Whether a dependency answers; why not.
pub type Checked<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;

/// Something outside that the service works with.
pub trait Dependency: Send + Sync {
    /// What it is called: `cache`, `blobs`, `events`.
    fn name(&self) -> &'static str;

    /// Whether there is no other way without it: the service is not ready while it is out of reach.
    fn is_needed(&self) -> bool;

    /// Asks it for something that costs little.
    fn check(&self) -> Checked<'_>;
}

/// How a dependency was when it was last asked.
#[derive(Clone, Debug)]
struct State {
    name: &'static str,
    is_needed: bool,
    error: Option<String>,
    elapsed: Duration,
}

/// What the parser found in a tiny source.
#[derive(Clone, Debug)]
struct Parsed {
    error: Option<String>,
    languages: usize,
    elapsed: Duration,
}

/// What was found, and when.
type Found<T> = Mutex<Option<(Instant, T)>>;

/// How the service is.
pub struct Health {
    dependencies: Vec<Arc<dyn Dependency>>,
    stages: Arc<Runtime>,
    metrics: Arc<Metrics>,
    stopping: AtomicBool,
    states: Found<Vec<State>>,
    parsed: Found<Parsed>,
}

impl Health {
    pub fn new(dependencies: Vec<Arc<dyn Dependency>>, stages: Arc<Runtime>, metrics: Arc<Metrics>) -> Self {
        let (states, parsed) = (Mutex::default(), Mutex::default());
        Self { dependencies, stages, metrics, stopping: AtomicBool::new(false), states, parsed }
    }

    /// From now on nobody should ask.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the service should be asked; why not.
    pub async fn ready(&self) -> Result<(), String> {
        if self.stopping.load(Ordering::Relaxed) {
            return Err("the service is being stopped".into());
        }
        let lost = self.states().await.into_iter().filter(|state| state.is_needed);
        let lost: Vec<String> = lost.filter_map(|it| it.error.map(|error| format!("{}: {error}", it.name))).collect();
        if lost.is_empty() { Ok(()) } else { Err(lost.join("; ")) }
    }

    /// Everything, and whether it is well.
    pub async fn report(&self) -> (bool, Value) {
        let (states, parsed, ready) = (self.states().await, self.parsed().await, self.ready().await);
        let milliseconds = |elapsed: Duration| (elapsed.as_secs_f64() * 1e6).round() / 1e3;
        let state = |error: &Option<String>| if error.is_none() { "ok" } else { "failed" };
        let is_well = ready.is_ok() && parsed.error.is_none();
        let is_whole = is_well && states.iter().all(|state| state.error.is_none());
        let dependencies = states.iter().map(|it| {
            let seen = json!({
                "state": state(&it.error), "needed": it.is_needed, "error": it.error, "latency_ms": milliseconds(it.elapsed),
            });
            (it.name.to_owned(), seen)
        });
        let dependencies: serde_json::Map<_, _> = dependencies.collect();
        let caches = self.metrics.samples().into_iter().filter_map(|sample| match sample {
            Sample::CacheSize { layer, entries, bytes } => {
                Some((layer.to_owned(), json!({ "entries": entries, "bytes": bytes })))
            }
            _ => None,
        });
        let caches: serde_json::Map<_, _> = caches.collect();
        let report = json!({
            "status": if is_whole { "ok" } else if is_well { "degraded" } else { "unavailable" },
            "reason": ready.err(),
            "version": env!("CARGO_PKG_VERSION"),
            "uptime_seconds": self.metrics.uptime().as_secs(),
            "dependencies": dependencies,
            "parser": {
                "state": state(&parsed.error), "error": parsed.error, "parse_ms": milliseconds(parsed.elapsed),
                "languages": parsed.languages,
            },
            "cache": caches,
        });
        (is_well, report)
    }

    /// How the dependencies are, all asked at once.
    async fn states(&self) -> Vec<State> {
        // Whoever comes while they are asked waits for what they say.
        let mut found = self.states.lock().await;
        if let Some((_, states)) = found.as_ref().filter(|(when, _)| when.elapsed() < FRESH) {
            return states.clone();
        }
        let mut checks = JoinSet::new();
        for (at, dependency) in self.dependencies.iter().cloned().enumerate() {
            checks.spawn(async move {
                let begun = Instant::now();
                let checked = timeout(CHECK_LIMIT, dependency.check()).await;
                let checked = checked.unwrap_or_else(|_| Err(format!("no answer within {} s", CHECK_LIMIT.as_secs())));
                let (name, is_needed) = (dependency.name(), dependency.is_needed());
                (at, State { name, is_needed, error: checked.err(), elapsed: begun.elapsed() })
            });
        }
        let mut states = checks.join_all().await;
        states.sort_by_key(|(at, _)| *at);
        let states: Vec<State> = states.into_iter().map(|(_, state)| state).collect();
        *found = Some((Instant::now(), states.clone()));
        states
    }

    /// Whether the parser parses.
    async fn parsed(&self) -> Parsed {
        let mut found = self.parsed.lock().await;
        if let Some((_, parsed)) = found.as_ref().filter(|(when, _)| when.elapsed() < FRESH) {
            return parsed.clone();
        }
        let stages = self.stages.clone();
        let (begun, work) = (Instant::now(), tokio::task::spawn_blocking(move || parse(&stages)));
        let parsed = match timeout(CHECK_LIMIT, work).await {
            Ok(Ok(parsed)) => parsed,
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no answer within {} s", CHECK_LIMIT.as_secs())),
        };
        let elapsed = begun.elapsed();
        let parsed = match parsed {
            Ok((languages, elapsed)) => Parsed { error: None, languages, elapsed },
            Err(error) => Parsed { error: Some(error), languages: 0, elapsed },
        };
        *found = Some((Instant::now(), parsed.clone()));
        parsed
    }
}

/// Parses a tiny source: how many languages there are, and how long it took.
fn parse(stages: &Runtime) -> Result<(usize, Duration), String> {
    let languages = stages.languages().map_err(|error| error.to_string())?;
    // The same source as that of `astlas doctor`.
    let source = Source { language: "python".into(), text: "def answer(): pass\n".into() };
    let begun = Instant::now();
    let tags = stages.parse(vec![source]).map_err(|error| error.to_string())?;
    let found = tags.first().is_some_and(|tags| tags.names.iter().eq(["answer"]));
    found.then(|| (languages.len(), begun.elapsed())).ok_or_else(|| "the parser does not find a function".into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use astlas_engine::{Artifact, Artifacts};

    use super::*;

    /// Counts how often it is asked; answers, fails, or never answers.
    struct Counted(&'static str, AtomicUsize);

    impl Dependency for Counted {
        fn name(&self) -> &'static str {
            self.0
        }

        fn is_needed(&self) -> bool {
            self.0 != "optional"
        }

        fn check(&self) -> Checked<'_> {
            self.1.fetch_add(1, Ordering::Relaxed);
            Box::pin(async {
                match self.0 {
                    "good" => Ok(()),
                    "silent" => std::future::pending().await,
                    _ => Err("refused".into()),
                }
            })
        }
    }

    fn health(names: &[&'static str]) -> (Health, Vec<Arc<Counted>>) {
        let counted: Vec<_> = names.iter().map(|name| Arc::new(Counted(name, AtomicUsize::new(0)))).collect();
        let dependencies = counted.iter().map(|it| it.clone() as Arc<dyn Dependency>).collect();
        // Loaded when they are used, which no stage is here.
        let none = Artifact { name: "none", digest: "", component: &[], compiled: &[] };
        let none = Artifacts { parser: none, graph: none, ranker: none, repomap: none, symbols: none };
        let stages = Arc::new(Runtime::new(none, None, 1).unwrap());
        (Health::new(dependencies, stages, Arc::new(Metrics::new().unwrap())), counted)
    }

    #[tokio::test(start_paused = true)]
    async fn dependencies_are_asked_once_a_second_however_many_ask() {
        let (health, counted) = health(&["good", "optional"]);
        let asked = async || {
            assert_eq!(health.ready().await, Ok(()));
            assert_eq!(health.report().await.1["dependencies"]["optional"]["error"], "refused");
        };
        tokio::join!(asked(), asked(), asked());
        assert!(counted.iter().all(|it| it.1.load(Ordering::Relaxed) == 1));
        tokio::time::sleep(FRESH + Duration::from_millis(100)).await;
        asked().await;
        assert!(counted.iter().all(|it| it.1.load(Ordering::Relaxed) == 2));
        health.stop();
        assert!(health.ready().await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn a_dependency_that_does_not_answer_holds_nobody_up() {
        let (health, _) = health(&["silent", "good", "bad"]);
        let begun = Instant::now();
        let error = health.ready().await.unwrap_err();
        assert!(begun.elapsed() < CHECK_LIMIT + Duration::from_secs(2));
        assert!(error.contains("silent: no answer within 2 s") && error.contains("bad: refused"), "{error}");
        assert!(!error.contains("good"));
        let (is_well, report) = health.report().await;
        assert!(!is_well && report["status"] == "unavailable" && report["parser"]["state"] == "failed", "{report}");
    }
}
