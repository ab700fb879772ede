//! A request and a response, as a function sees them.

use crate::Problem;

/// Methods that some endpoint has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "named like the methods")]
pub enum Method {
    Delete,
    Get,
    Post,
    Put,
}

impl Method {
    /// As in a request line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Delete => "DELETE",
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }

    /// The method a word stands for, if some endpoint has it.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Delete, Self::Get, Self::Post, Self::Put].into_iter().find(|method| method.word() == word)
    }
}

/// A request whose body was read.
#[derive(Clone, Debug)]
pub struct Request {
    /// How it was asked; `None` for a method that no endpoint has.
    pub method: Option<Method>,
    /// The path, without query.
    pub path: String,
    /// The whole body.
    pub body: Vec<u8>,
}

/// A response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Header fields beside the body's length; names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Response {
    /// JSON that was encoded before.
    pub fn json(status: u16, body: Vec<u8>) -> Self {
        Self { status, headers: vec![("content-type", "application/json".into())], body }
    }
}

impl From<Problem> for Response {
    fn from(problem: Problem) -> Self {
        let mut headers = vec![("content-type", "application/problem+json".into())];
        headers.extend(problem.allow.map(|methods| ("allow", methods)));
        let body = crate::encode(&problem.body).unwrap_or_default();
        Self { status: problem.body.status, headers, body }
    }
}
