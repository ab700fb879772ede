//! A request and a response, as a function sees them.

use std::future::Future;

use crate::{Problem, ProblemType};

/// A body, as it comes in.
pub trait Body {
    /// The next part; `None` at the end.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, Problem>>;
}

/// A body that is there as a whole.
impl Body for Option<Vec<u8>> {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        Ok(self.take())
    }
}

/// All of a body, if it is not longer than the limit.
pub async fn read_all(body: &mut impl Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let mut all = Vec::new();
    while let Some(part) = body.next().await? {
        if part.len() > limit - all.len() {
            return Err(
                ProblemType::ContentTooLarge.with(format!("the body is longer than {limit} bytes; send less at once"))
            );
        }
        all.extend(part);
    }
    Ok(all)
}

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

/// A request.
#[derive(Clone, Debug)]
pub struct Request<B> {
    /// How it was asked; `None` for a method that no endpoint has.
    pub method: Option<Method>,
    /// The path, without query.
    pub path: String,
    /// The query, without the mark in front of it.
    pub query: String,
    /// Header fields; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, not read yet.
    pub body: B,
}

impl<B> Request<B> {
    /// The value of a header field; names are in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
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
