//! What the HTTP functions share: a request as they see it, a response, JSON in and out, and problems in the form of
//! RFC 9457. No I/O: a shell reads the request and sends the response.

mod ids;
mod job;
mod json;
mod message;
mod problem;

pub use ids::{CommitSha, RepoId};
pub use job::JobState;
pub use json::{decode, encode};
pub use message::{Body, Method, Request, Response, read_all};
pub use problem::{Body as ProblemBody, Problem, ProblemType};
