//! Both functions of the service over ports in memory, with the small repository indexed.

use std::cell::OnceCell;

use astlas_atlas::ports::Cache;
use astlas_http::{Method, Request, Response};
use pollster::block_on;
use serde_json::{Value, json};

use crate::{archives, planted, ports::Ports, repository};

/// The repository and the commit that are indexed.
pub const REPOSITORY: &str = "acme/app";
/// See [`REPOSITORY`].
pub const COMMIT: &str = "c1";

/// What a service begins with.
#[derive(Clone)]
struct Start {
    blobs: Vec<(String, Vec<u8>)>,
    cache: Vec<(String, Vec<u8>)>,
    job: String,
    message: Vec<u8>,
}

thread_local! {
    static START: OnceCell<Start> = const { OnceCell::new() };
}

fn start<T>(read: impl FnOnce(&Start) -> T) -> T {
    START.with(|start| read(start.get_or_init(Start::make)))
}

impl Start {
    /// Sends the repository in, and has it indexed.
    fn make() -> Self {
        let service = Service { ports: Ports::default() };
        let files = repository::FILES.map(|(path, text)| archives::TarEntry::file(path.as_bytes(), text.as_bytes()));
        let path = format!("/api/v1/repos/{REPOSITORY}/{COMMIT}/archive");
        assert_eq!(service.ask("PUT", &path, &[], archives::tar(&files)).status, 201);
        let body = json!({"repo_id": REPOSITORY, "commit_sha": COMMIT}).to_string();
        let started = service.ask("POST", "/api/v1/jobs/index_repo", &[], body.into());
        let started: Value = serde_json::from_slice(&started.body).unwrap();
        let message = service.ports.published().remove(0);
        assert_eq!(service.deliver(&message).status, 204);
        let blobs = service.ports.blobs().into_iter().map(|name| (name.clone(), service.ports.blob(&name))).collect();
        let cache = planted::stored().into_iter().filter(|(key, _)| key.starts_with("languages:")).collect();
        Self { blobs, cache, job: started["job_id"].as_str().unwrap().to_owned(), message }
    }
}

/// The id of the job that indexed the commit.
pub fn job() -> String {
    start(|start| start.job.clone())
}

/// The message that said so.
pub fn message() -> Vec<u8> {
    start(|start| start.message.clone())
}

/// A service of which nobody has asked anything yet.
pub struct Service {
    ports: Ports,
}

impl Default for Service {
    fn default() -> Self {
        let ports = Ports::default();
        start(|start| {
            start.blobs.iter().for_each(|(name, blob)| ports.place(name, blob));
            block_on(ports.put(start.cache.clone()));
        });
        Self { ports }
    }
}

impl Service {
    /// The answer to a request, from the function that the path belongs to.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Response {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let (place, query) = (path.to_owned(), query.to_owned());
        let request = Request { method: Method::from_word(method), path: place, query, headers, body: Some(body) };
        if astlas_query::Operation::at(path).is_some() {
            block_on(astlas_query::Function::new(self.ports.clone()).answer(request))
        } else {
            block_on(astlas_ingest::Function::new(self.ports.clone()).answer(request))
        }
    }

    /// Delivers a message as Pub/Sub does.
    pub fn deliver(&self, message: &[u8]) -> Response {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let push = json!({"message": {"data": STANDARD.encode(message), "messageId": "1"}, "subscription": "s"});
        self.ask("POST", "/pubsub/push", &[], push.to_string().into())
    }

    /// Messages that were published since this was last asked.
    pub fn published(&self) -> Vec<Vec<u8>> {
        self.ports.published()
    }
}
