//! A case as it is played: its steps are sent, and what is seen of the answers is noted.

use std::{
    collections::BTreeMap,
    fmt::Write,
    thread::sleep,
    time::{Duration, Instant},
};

use hmac::{Hmac, Mac};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use crate::{
    case::{Body, Case, Patience, Step},
    client::{Answer, Client},
    rules,
    view::View,
};

/// How long is waited before a job is asked for again.
const PAUSE: Duration = Duration::from_millis(100);
/// How often a case begins again because somebody else was faster.
const TRIES: u32 = 10;
/// States of a job about which nothing more will be done.
const OVER: [&str; 4] = ["done", "failed", "dead", "cancelled"];

/// What holds for one run.
pub struct Circumstances {
    pub client: Client,
    /// Something that no other run has.
    pub unique: String,
    /// What a forge signs its events with.
    pub secret: String,
    /// How long a job is waited for.
    pub patience: Duration,
    /// When the run ends in any case.
    pub deadline: Instant,
}

/// What the bytes of a request are made from.
pub struct Facts<'t> {
    /// Something that no other run has, nor another try.
    pub unique: &'t str,
    /// The last answer of the case, where that was JSON.
    pub last: &'t Value,
}

/// A case that could not be played to its end.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error("{request}: {why}")]
    Unanswered { request: String, why: ureq::Error },
    #[error("{request}: the job is not over after {seconds} s: {job}")]
    Unended { request: String, seconds: u64, job: Value },
    #[error("every time it was over before it could be called off: {answer}")]
    TooLate { answer: Value },
    #[error("what is to be sent cannot be made: {0}")]
    Unmade(String),
    #[error("the time for all cases is over")]
    OutOfTime,
}

/// Plays a case: requests and what is seen of their answers, as the golden has them.
pub fn play(case: &Case, circumstances: &Circumstances) -> Result<Value, Trouble> {
    let mut talk = Talk { circumstances, known: BTreeMap::new(), last: Value::Null, tries: 0 };
    let (mut noted, mut number) = (vec![], 0);
    while let Some(step) = case.steps.get(number) {
        let (answer, sent) = talk.take(step)?;
        match step.patience {
            Patience::Else(status) if answer.status != status => {
                talk.tries += 1;
                if talk.tries >= TRIES {
                    return Err(Trouble::TooLate { answer: talk.last });
                }
                noted.clear();
                number = 0;
            }
            _ => {
                if step.view != View::Nothing {
                    noted.push(talk.note(step, sent, &answer));
                }
                number += 1;
            }
        }
    }
    Ok(Value::Array(noted))
}

struct Talk<'c> {
    circumstances: &'c Circumstances,
    /// What answers said, by the names that paths have in braces.
    known: BTreeMap<&'static str, String>,
    last: Value,
    tries: u32,
}

/// What is sent: bytes, and what they are called.
type Sent = (Vec<u8>, Option<Value>);

impl Talk<'_> {
    /// Sends a step, more than once if it is to be waited for.
    fn take(&mut self, step: &Step) -> Result<(Answer, Sent), Trouble> {
        let unique = format!("{}-{}", self.circumstances.unique, self.tries);
        let body = match &step.body {
            Body::None => (vec![], None),
            Body::Json(body) => (self.filled(&body.to_string()).into_bytes(), Some(body.clone())),
            Body::Made(name, make) => {
                let facts = Facts { unique: &unique, last: &self.last };
                (make(&facts).map_err(Trouble::Unmade)?, Some(json!(format!("<{name}>"))))
            }
        };
        self.known.insert("signature", signature(&self.circumstances.secret, &body.0));
        self.known.insert("unique", unique);
        let path = self.filled(&step.path);
        let request = format!("{} {path}", step.method);
        let mut headers: Vec<_> = step.headers.iter().map(|(name, value)| (*name, self.filled(value))).collect();
        if !body.0.is_empty() && !step.headers.iter().any(|(name, _)| *name == "content-type") {
            let media =
                if matches!(step.body, Body::Json(_)) { "application/json" } else { "application/octet-stream" };
            headers.push(("content-type", media.into()));
        }
        let begun = Instant::now();
        loop {
            if Instant::now() > self.circumstances.deadline {
                return Err(Trouble::OutOfTime);
            }
            let answered = self.circumstances.client.ask(step.method, &path, &headers, body.0.clone());
            let answer = answered.map_err(|why| Trouble::Unanswered { request: request.clone(), why })?;
            self.learn(&answer);
            let is_over = OVER.iter().any(|state| self.last["state"] == *state);
            let is_late = begun.elapsed() > self.circumstances.patience;
            match step.patience {
                Patience::Over if !is_over && answer.status < 400 => {
                    if is_late {
                        let seconds = self.circumstances.patience.as_secs();
                        return Err(Trouble::Unended { request, seconds, job: self.last.take() });
                    }
                }
                // One that never is differs from the golden.
                Patience::Well if !is_late && (answer.status != 200 || self.last["status"] == "degraded") => {}
                _ => return Ok((answer, body)),
            }
            sleep(PAUSE);
        }
    }

    /// Remembers what an answer says that later steps need.
    fn learn(&mut self, answer: &Answer) {
        self.last = serde_json::from_slice(&answer.body).unwrap_or_default();
        for (name, pointer) in [("job_id", "/job_id"), ("key_id", "/key/id"), ("secret", "/secret")] {
            if let Some(value) = self.last.pointer(pointer).and_then(Value::as_str) {
                self.known.insert(name, value.to_owned());
            }
        }
    }

    /// A text with what is known in the place of its names in braces.
    fn filled(&self, text: &str) -> String {
        let fill = |text: String, (name, value): (&&str, &String)| text.replace(&format!("{{{name}}}"), value);
        self.known.iter().fold(text.to_owned(), fill)
    }

    fn note(&self, step: &Step, (bytes, body): Sent, answer: &Answer) -> Value {
        let mut noted = Map::new();
        noted.insert("request".into(), json!(format!("{} {}", step.method, step.path)));
        if !step.headers.is_empty() {
            noted.insert("headers".into(), step.headers.iter().map(|(name, value)| (*name, *value)).collect());
        }
        if let Some(body) = body {
            noted.insert("body".into(), body);
        }
        noted.insert("status".into(), json!(answer.status));
        for name in ["content-type", "allow", "www-authenticate"] {
            let value = answer.header(name);
            if !value.is_empty() {
                noted.insert(name.into(), json!(value));
            }
        }
        let mut seen = step.view.of(answer, self.known.get("job_id").map_or("", String::as_str));
        if seen["size"] == json!(bytes.len()) {
            seen["size"] = json!("<bytes sent>");
        }
        noted.insert("answer".into(), rules::apply(seen));
        Value::Object(noted)
    }
}

/// What a forge says in `X-Hub-Signature-256`.
fn signature(secret: &str, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(body);
    let mut signature = "sha256=".to_owned();
    for byte in mac.finalize().into_bytes() {
        // A string takes all that is written to it.
        let _ = write!(signature, "{byte:02x}");
    }
    signature
}
