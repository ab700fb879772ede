//! A user: sends archives, starts jobs, asks, and asks again where something was out of reach.

use std::{
    io::Read,
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

const REPOSITORY: &str = "acme/app";
/// How long an answer is waited for. The service itself gives up after a minute.
const SILENCE: Duration = Duration::from_secs(90);
/// How often something is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// A user of the service at an address.
#[derive(Clone)]
pub struct User {
    address: String,
    agent: ureq::Agent,
}

/// What was answered: its status and what it says. `None`: the connection failed.
pub type Answer = Option<(u16, Value)>;

impl User {
    /// One who asks there.
    pub fn of(address: &str) -> Self {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(SILENCE)).build();
        Self { address: address.to_owned(), agent: agent.into() }
    }

    /// Asks once.
    pub fn ask(&self, method: &str, path: &str, body: &[u8]) -> Answer {
        let request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.address));
        let mut response = self.agent.run(request.body(body).ok()?).ok()?;
        let mut bytes = vec![];
        response.body_mut().as_reader().read_to_end(&mut bytes).ok()?;
        Some((response.status().as_u16(), serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
    }

    /// Asks until there is an answer: a busy machine may keep the service from its servers for a while.
    pub fn insist<T>(&self, patience: Duration, question: impl Fn(&Self) -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(answer) = question(self) {
                return answer;
            }
            assert!(begun.elapsed() < patience, "no answer after {patience:?}");
            sleep(LOOK);
        }
    }

    /// Asks with JSON.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, body.to_string().as_bytes())
    }

    /// Sends the archive of a commit: whether it was kept.
    pub fn send(&self, commit: &str, archive: &[u8]) -> bool {
        let answer = self.ask("PUT", &format!("/api/v1/repos/{REPOSITORY}/{commit}/archive"), archive);
        is_as_expected(answer, 201).is_some()
    }

    /// Starts a job: its id, if it was taken on.
    pub fn start(&self, commit: &str) -> Option<String> {
        let answer = self.post("/api/v1/jobs/index_repo", &json!({"repo_id": REPOSITORY, "commit_sha": commit}));
        Some(is_as_expected(answer, 202)?["job_id"].as_str().unwrap().to_owned())
    }

    /// How far a job has come.
    pub fn job(&self, id: &str) -> Option<Value> {
        is_as_expected(self.ask("GET", &format!("/api/v1/jobs/{id}"), &[]), 200)
    }

    /// The repositories that there are.
    pub fn repositories(&self) -> Option<Value> {
        is_as_expected(self.ask("GET", "/api/v1/repos", &[]), 200)
    }

    /// Has removed what belongs to nobody, however new it is.
    pub fn sweep(&self) -> Option<Value> {
        is_as_expected(self.post("/internal/sweep", &json!({"older_than_days": 0})), 200)
    }

    /// Waits until a job is over.
    pub fn job_over(&self, id: &str, patience: Duration) -> Value {
        let begun = Instant::now();
        loop {
            let job = self.job(id);
            let state = job.as_ref().and_then(|job| job["state"].as_str());
            if let (Some("done" | "failed"), Some(job)) = (state, &job) {
                return job.clone();
            }
            assert!(begun.elapsed() < patience, "not over after {patience:?}: {job:?}");
            sleep(LOOK);
        }
    }

    /// What is answered to all questions about a commit; `None` where one was not answered.
    pub fn answers(&self, commit: &str) -> Option<Vec<Value>> {
        (0..QUESTIONS).map(|number| self.answer(commit, number)).collect()
    }

    /// What is answered to one of them.
    pub fn answer(&self, commit: &str, number: usize) -> Option<Value> {
        let (path, about) = question(number);
        let mut body = json!({"repo_id": REPOSITORY, "commit_sha": commit});
        for (name, value) in about.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        let mut answer = is_as_expected(self.post(path, &body), 200)?;
        // The same tree has the same answers, whatever its commit is called.
        if answer["commit_sha"] == commit {
            answer["commit_sha"] = Value::Null;
        }
        Some(answer)
    }

    /// The value of a metric.
    pub fn metric(&self, name: &str) -> Option<f64> {
        let mut response = self.agent.get(format!("{}/metrics", self.address)).call().ok()?;
        let text = response.body_mut().read_to_string().ok()?;
        let values = text.lines().filter(|line| line.starts_with(name)).filter_map(|line| line.rsplit_once(' '));
        Some(values.filter_map(|(_, value)| value.parse::<f64>().ok()).sum())
    }
}

/// How many questions there are.
pub const QUESTIONS: usize = 6;

fn question(number: usize) -> (&'static str, Value) {
    match number {
        0 => ("/api/v1/graph/important_files", json!({})),
        1 => ("/api/v1/symbols/search", json!({"symbol": "run1"})),
        2 => ("/api/v1/repomap", json!({"context_files": ["app/part2.py"]})),
        3 => ("/api/v1/graph/dependents", json!({"file_path": "app/part1.py"})),
        4 => ("/api/v1/graph/important_files", json!({"context_files": ["app/part3.py"]})),
        _ => ("/api/v1/symbols/fuzzy", json!({"pattern": "only", "limit": 20, "context_lines": 0})),
    }
}

/// What an answer with this status says. `None`: nobody answers for now, which the service has to say as such.
fn is_as_expected(answer: Answer, status: u16) -> Option<Value> {
    match answer {
        Some((found, value)) if found == status => Some(value),
        None | Some((429 | 503, _)) => None,
        Some((other, value)) => panic!("{other} instead of {status}: {value}"),
    }
}
