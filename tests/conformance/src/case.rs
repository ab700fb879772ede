//! What is asked: cases, each a talk of some steps, as data. So it can be told what is asked without asking.

use serde_json::{Map, Value, json};

use crate::{talk::Facts, view::View};

/// The repository that most cases ask about. Only names that begin so are touched in a service.
pub const REPOSITORY: &str = "conformance/lending";
/// What the names of all repositories begin with that cases make.
pub const OWN: &str = "conformance/";

/// What a service may be without, because its host has no word for it or nobody set it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Feature {
    /// Tenants: their API keys, and what they have used
    Accounts,
    /// A job's progress as server-sent events
    JobEvents,
    /// What the host says about itself: health, metrics, the page of the interface
    Pages,
    /// Messages that a queue outside pushes, unsigned
    Push,
    /// Forgetting what is old, asked for without a token
    Sweep,
    /// Events of a forge, signed with --webhook-secret
    Webhook,
}

/// A talk with the service, by itself but for what is indexed beforehand.
pub struct Case {
    /// Of its golden, too.
    pub name: &'static str,
    /// What the service needs for it, beside what every service has.
    pub feature: Option<Feature>,
    /// Whether other cases ask about what this one makes.
    pub prepares: bool,
    pub steps: Vec<Step>,
}

/// A request, and what is looked at of its answer.
#[derive(Clone)]
pub struct Step {
    pub method: &'static str,
    /// With names in braces for what earlier answers of the case said.
    pub path: String,
    pub headers: Vec<(&'static str, &'static str)>,
    pub body: Body,
    pub view: View,
    pub patience: Patience,
}

/// Makes the bytes of a request.
pub type Make = fn(&Facts<'_>) -> Result<Vec<u8>, String>;

/// What is sent along.
#[derive(Clone)]
pub enum Body {
    None,
    Json(Value),
    /// What the golden calls it, and what makes it.
    Made(&'static str, Make),
}

/// Whether a step is taken again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    None,
    /// Until the job that it asks about is over.
    Over,
    /// Until the service says that it is well: what it stands on may have been slow just then.
    Well,
    /// Where its status is another one, the case begins anew: somebody else was faster.
    Else(u16),
}

/// A case that every service has to stand.
pub fn case(name: &'static str, steps: impl Into<Vec<Step>>) -> Case {
    Case { name, feature: None, prepares: false, steps: steps.into() }
}

impl Case {
    /// Needs something that not every service has.
    pub fn of(self, feature: Feature) -> Self {
        Self { feature: Some(feature), ..self }
    }

    /// Makes what others ask about.
    pub fn prepares(self) -> Self {
        Self { prepares: true, ..self }
    }
}

/// A request with a method and a path.
pub fn ask(method: &'static str, path: impl Into<String>) -> Step {
    let (headers, body, view) = (vec![], Body::None, View::Whole);
    Step { method, path: path.into(), headers, body, view, patience: Patience::None }
}

pub fn get(path: impl Into<String>) -> Step {
    ask("GET", path)
}

/// A question with JSON.
pub fn post(path: impl Into<String>, body: Value) -> Step {
    Step { body: Body::Json(body), ..ask("POST", path) }
}

/// The job that was started last, when it is over.
pub fn job_over() -> Step {
    Step { patience: Patience::Over, ..get("/api/v1/jobs/{job_id}") }
}

impl Step {
    pub fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// With bytes that the golden calls something.
    pub fn made(self, name: &'static str, make: Make) -> Self {
        Self { body: Body::Made(name, make), ..self }
    }

    pub fn view(self, view: View) -> Self {
        Self { view, ..self }
    }

    /// When the service is well.
    pub fn well(self) -> Self {
        Self { patience: Patience::Well, ..self }
    }

    pub fn or_anew(self, status: u16) -> Self {
        Self { patience: Patience::Else(status), ..self }
    }
}

/// A body about a commit of the repository, with more fields.
pub fn of(commit: &str, more: Value) -> Value {
    let mut body = json!({"repo_id": REPOSITORY, "commit_sha": commit});
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    body
}

/// An archive that is sent for a commit, indexed and waited for.
pub fn indexed(repository: &str, commit: &str, more: Value, archive: (&'static str, Make)) -> [Step; 3] {
    let mut job = Map::new();
    job.insert("repo_id".into(), repository.into());
    job.insert("commit_sha".into(), commit.into());
    if let Value::Object(more) = more {
        job.extend(more);
    }
    [
        ask("PUT", format!("/api/v1/repos/{repository}/{commit}/archive")).made(archive.0, archive.1),
        post("/api/v1/jobs/index_repo", Value::Object(job)),
        job_over(),
    ]
}
