//! Events of the forge, after GitHub's documented forms: a push is indexed, the context of a pull request is made.

use astlas_atlas::ports::Verdict;
use astlas_http::{Body, CommitSha, Problem, ProblemType, RepoId, Request, decode, read_all};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Function, Ports, job::Source};

/// Longest event, in bytes: GitHub sends none above it.
const LIMIT: usize = 25 << 20;
/// For how long an event that comes again is known to have come before, in milliseconds: a day.
const REMEMBERED: u32 = 24 * 3600 * 1000;

/// What was done about an event.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Accepted {
    /// The jobs that it led to.
    jobs: Vec<String>,
    /// Why it led to none.
    #[serde(skip_serializing_if = "Option::is_none")]
    ignored: Option<&'static str>,
}

#[derive(Deserialize)]
struct Push {
    before: String,
    after: String,
    #[serde(default)]
    deleted: bool,
    repository: Repository,
}

#[derive(Deserialize)]
struct PullRequestEvent {
    action: String,
    pull_request: PullRequest,
    repository: Repository,
}

#[derive(Deserialize)]
struct PullRequest {
    head: Side,
    base: Side,
}

#[derive(Deserialize)]
struct Side {
    sha: String,
}

#[derive(Deserialize)]
struct Repository {
    full_name: String,
}

fn ignored(why: &'static str) -> Result<Accepted, Problem> {
    Ok(Accepted { jobs: vec![], ignored: Some(why) })
}

fn commit(sha: &str) -> Result<CommitSha, Problem> {
    CommitSha::try_from(sha.to_owned()).map_err(|error| ProblemType::InvalidRequest.with(format!("{sha:?}: {error}")))
}

fn repository(repository: &Repository) -> Result<RepoId, Problem> {
    let name = &repository.full_name;
    RepoId::try_from(name.clone()).map_err(|error| ProblemType::InvalidRequest.with(format!("{name:?}: {error}")))
}

impl<P: Ports> Function<P> {
    /// Takes an event on, if it is signed by the forge and did not come before.
    pub async fn webhook(&self, request: &mut Request<impl Body>) -> Result<Accepted, Problem> {
        let body = read_all(&mut request.body, LIMIT).await?;
        let signature = request.header("x-hub-signature-256").unwrap_or_default();
        match self.ports.verify(signature, &body).await {
            Verdict::Authentic => {}
            Verdict::Forged if signature.is_empty() => {
                let detail = "there is no X-Hub-Signature-256; set the secret of the webhook";
                return Err(ProblemType::BadSignature.with(detail));
            }
            Verdict::Forged => {
                let detail = "X-Hub-Signature-256 does not fit the body; compare the secrets of webhook and service";
                return Err(ProblemType::BadSignature.with(detail));
            }
            Verdict::Unconfigured => {
                let detail = "no secret is configured to tell the forge by";
                return Err(ProblemType::BadSignature.with(detail));
            }
        }
        let event = request.header("x-github-event").unwrap_or_default();
        let delivery = request.header("x-github-delivery").map(|id| {
            // It becomes a key, whatever it holds.
            format!("delivery:{}", blake3::hash(id.as_bytes()).to_hex())
        });
        if let Some(key) = &delivery
            && !self.ports.claim(key, REMEMBERED).await
        {
            return ignored("it came before");
        }
        let taken = self.event(event, &body).await;
        if let (Some(key), Err(_)) = (delivery, &taken) {
            self.ports.remove(&[key]).await;
        }
        taken
    }

    async fn event(&self, event: &str, body: &[u8]) -> Result<Accepted, Problem> {
        match event {
            "ping" => ignored("nothing is to be done"),
            "push" => {
                let push: Push = decode(body)?;
                let is_none = |sha: &str| sha.bytes().all(|byte| byte == b'0');
                if push.deleted || is_none(&push.after) {
                    return ignored("the branch is gone");
                }
                let before = if is_none(&push.before) { None } else { Some(commit(&push.before)?) };
                let (repository, after) = (repository(&push.repository)?, commit(&push.after)?);
                let job = self.queue(repository, after, before, Source::Forge, false).await?;
                Ok(Accepted { jobs: vec![job], ignored: None })
            }
            "pull_request" => {
                let event: PullRequestEvent = decode(body)?;
                if !matches!(event.action.as_str(), "opened" | "reopened" | "synchronize" | "ready_for_review") {
                    return ignored("it changes no file");
                }
                let repository = repository(&event.repository)?;
                let (base, head) = (commit(&event.pull_request.base.sha)?, commit(&event.pull_request.head.sha)?);
                let mut jobs = vec![];
                if self.query().open(&repository, &base).await.is_err() {
                    jobs.push(self.queue(repository.clone(), base.clone(), None, Source::Forge, false).await?);
                }
                jobs.push(self.queue(repository, head, Some(base), Source::Forge, true).await?);
                Ok(Accepted { jobs, ignored: None })
            }
            other => {
                let detail = format!("X-GitHub-Event is {other:?}; have the webhook send push and pull_request alone");
                Err(ProblemType::UnknownEvent.with(detail))
            }
        }
    }
}
