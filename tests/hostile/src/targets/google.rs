//! Answers of Google's interfaces: any bytes as what a server, or somebody in between, said.

use astlas_google::{
    Response, metadata,
    pubsub::Project,
    storage::{self, Bucket},
};
use bytes::Bytes;

/// Statuses that answers are told apart by.
const STATUS: [u16; 8] = [200, 206, 204, 308, 404, 412, 416, 503];
/// Headers that are read; all of an answer have the same value.
const HEADERS: [&str; 7] = [
    "content-range",
    "content-length",
    "range",
    "location",
    "x-goog-hash",
    "x-goog-generation",
    "x-goog-stored-content-length",
];

/// The first byte is the question, the second the status, the third which headers there are. Their value is the line that
/// follows, the body is the rest.
pub fn google(bytes: &[u8]) {
    let Some(([question, status, headers], rest)) = bytes.split_first_chunk::<3>().map(|(a, b)| (*a, b)) else {
        return;
    };
    let (value, body) = rest.split_at(rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len()));
    let mut response = Response::new(Bytes::copy_from_slice(body.get(1..).unwrap_or_default()));
    *response.status_mut() = http::StatusCode::from_u16(STATUS[usize::from(status) % STATUS.len()]).unwrap();
    if let Ok(value) = http::HeaderValue::from_bytes(value) {
        for name in HEADERS.iter().enumerate().filter(|(at, _)| headers >> at & 1 == 1).map(|(_, name)| *name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    let (length, offset) = (body.len() as u64, u64::from(headers));
    let project = Project::new("localhost", "project");
    match question % 9 {
        0 => drop(Bucket::list_answer(response)),
        1 => {
            // Whatever is said of it, a part is no longer than what came.
            let read = Bucket::read_answer(response, offset, length);
            assert!(read.is_err() || read.is_ok_and(|read| read.is_none_or(|read| read.len() <= body.len())));
        }
        2 => drop(project.pull_answer("subscription", response)),
        3 => drop(metadata::token_answer(response)),
        4 => drop(Bucket::begin_answer(response)),
        5 => drop(Bucket::part_answer(response, "name", Some(storage::Content::of(body)))),
        6 => drop(Bucket::write_answer(response, "name", storage::Content::of(body))),
        7 => drop(Project::published(response, 1)),
        _ => drop(Bucket::delete_answer(response)),
    }
}
