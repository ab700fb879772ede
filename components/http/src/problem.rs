//! Problems, in the form of RFC 9457: what was wrong, where, and what to do next.

use schemars::JsonSchema;
use serde::Serialize;

use crate::Method;

/// A response other than the one that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is sent.
    pub body: Body,
    /// Methods that the path has, if the one it was asked with is none of them.
    pub allow: Option<String>,
}

/// Problem details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub struct Body {
    /// Which kind of problem, as a reference into the documentation.
    pub r#type: String,
    /// The kind in words; the same for all of a type.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What was wrong this time, where, and what to do next.
    pub detail: String,
}

macro_rules! types {
    ($($(#[doc = $doc:literal])+ $name:ident = $status:literal $word:literal $title:literal,)+) => {
        /// Which kind of problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ProblemType { $($(#[doc = $doc])+ $name),+ }

        impl ProblemType {
            /// Every type.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            fn parts(self) -> (u16, &'static str, &'static str) {
                match self { $(Self::$name => ($status, $word, $title)),+ }
            }
        }
    };
}

types! {
    /// The body is not JSON.
    MalformedJson = 400 "malformed-json" "The body is not JSON",
    /// The body is JSON, but not what the endpoint asks for.
    InvalidRequest = 422 "invalid-request" "The request does not have the fields it should",
    /// Nobody knows who calls.
    Unauthorized = 401 "unauthorized" "It is not known who calls",
    /// Who calls may not do this.
    Forbidden = 403 "forbidden" "Who calls may not do this",
    /// A limit is used up for now.
    TooManyRequests = 429 "too-many-requests" "A limit is used up for now",
    /// There is nothing at this path.
    NotFound = 404 "not-found" "There is nothing at this path",
    /// The path does not have this method.
    MethodNotAllowed = 405 "method-not-allowed" "The path does not have this method",
    /// The body is longer than allowed.
    ContentTooLarge = 413 "content-too-large" "The body is too long",
    /// The body ended before it should have.
    BodyCutShort = 400 "body-cut-short" "The body ended too early",
    /// The repository was not indexed at this commit.
    UnknownCommit = 404 "unknown-commit" "The repository is not indexed at this commit",
    /// The commit has no such file.
    UnknownFile = 404 "unknown-file" "The commit has no such source file",
    /// The file is in no language that the parser knows.
    UnknownLanguage = 422 "unknown-language" "The file is in no known language",
    /// The signature does not fit the body.
    BadSignature = 401 "bad-signature" "The message is not signed by whom it should be",
    /// The message is of a kind that nothing here is done about.
    UnknownEvent = 422 "unknown-event" "Nothing is done about such an event",
    /// There is no such job.
    UnknownJob = 404 "unknown-job" "There is no such job",
    /// The job is in a state in which this cannot be done with it.
    JobState = 409 "job-state" "The job is in another state",
    /// Something this needs is out of reach for now.
    Unavailable = 503 "unavailable" "Something this needs cannot be reached",
    /// A stage was stopped.
    StageFailed = 500 "stage-failed" "A stage did not answer",
}

impl ProblemType {
    /// HTTP status.
    pub fn status(self) -> u16 {
        self.parts().0
    }

    /// What it is called in the documentation.
    pub fn word(self) -> &'static str {
        self.parts().1
    }

    /// The problem, with what was wrong this time.
    pub fn with(self, detail: impl Into<String>) -> Problem {
        let (status, word, title) = self.parts();
        let body = Body { r#type: format!("/docs#{word}"), title, status, detail: detail.into() };
        Problem { body, allow: None }
    }
}

impl Problem {
    /// The path has these methods.
    pub fn method_not_allowed(allowed: &[Method]) -> Self {
        let words: Vec<&str> = allowed.iter().map(|method| method.word()).collect();
        let problem = ProblemType::MethodNotAllowed.with(format!("ask with {}", words.join(" or ")));
        Self { allow: Some(words.join(", ")), ..problem }
    }

    /// The schema of what is sent.
    pub fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        generator.subschema_for::<Body>()
    }
}
