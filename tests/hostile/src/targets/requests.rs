//! Requests and messages: any bytes as what somebody asks the service.

use astlas_http::Response;
use serde_json::Value;

use crate::{
    service::{COMMIT, REPOSITORY, Service, job},
    work,
};

/// Events that the webhook is told of.
pub const EVENTS: [&str; 4] = ["push", "pull_request", "ping", "other"];
/// Work for each file, in the parser's units.
const WORK: u64 = 300;
/// Messages that are delivered of those that one request leads to.
const DELIVERED: usize = 2;

/// Methods and paths that there are, those of the read side first.
pub fn doors() -> Vec<(&'static str, String)> {
    let read = astlas_query::Operation::ALL.iter().map(|operation| ("POST", operation.path().to_owned()));
    let filled =
        |path: &str| path.replace("{repo_id}", REPOSITORY).replace("{commit_sha}", COMMIT).replace("{job_id}", &job());
    let write = astlas_ingest::Operation::ALL.iter();
    read.chain(write.map(|operation| (operation.method().word(), filled(operation.path())))).collect()
}

/// The first byte chooses the door, the second an event; the rest is the body. Beyond the doors, the first line of the
/// body is the path.
pub fn request(bytes: &[u8]) {
    work::limit(WORK);
    let Some(([door, event], body)) = bytes.split_first_chunk::<2>() else { return };
    let service = Service::default();
    let doors = doors();
    let (method, path, body) = match doors.get(usize::from(*door)) {
        Some((method, path)) => (*method, path.clone(), body),
        None => {
            let end = body.iter().position(|&byte| byte == b'\n').unwrap_or(body.len());
            let method = ["GET", "POST", "PUT", "DELETE", "PATCH"][usize::from(*door) % 5];
            (method, String::from_utf8_lossy(&body[..end]).into_owned(), body.get(end + 1..).unwrap_or_default())
        }
    };
    let signature = format!("sha256={}", body.len());
    let headers = [
        ("x-hub-signature-256", signature.as_str()),
        ("x-github-event", EVENTS[usize::from(*event) % EVENTS.len()]),
        ("x-github-delivery", "1"),
    ];
    check(&service.ask(method, &path, &headers, body.to_vec()));
    for message in service.published().iter().take(DELIVERED) {
        check(&service.deliver(message));
    }
}

/// A message of the queue.
pub fn message(bytes: &[u8]) {
    work::limit(WORK);
    let service = Service::default();
    check(&service.deliver(bytes));
    check(&service.deliver(bytes));
}

/// Checks that an answer is one, or a problem that says what is wrong.
fn check(response: &Response) {
    let json: Value = match response.body.is_empty() {
        true => Value::Null,
        false => serde_json::from_slice(&response.body).unwrap_or_else(|error| panic!("{error}: {response:?}")),
    };
    match response.status {
        200..=204 => {}
        400..=499 | 503 => {
            assert!(json["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{json}");
            assert!(json["type"].as_str().is_some_and(|kind| kind.starts_with("/docs#")), "{json}");
        }
        other => panic!("{other}: {json}"),
    }
}
