//! Requests over HTTP, each with an end to it.

use std::{io::Read, time::Duration};

use ureq::http::{Request, Response};

/// Longest answer that is read, in bytes.
const LONGEST: u64 = 64 << 20;

/// A service.
pub struct Client {
    agent: ureq::Agent,
    base: String,
    key: Option<String>,
}

/// What was answered.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header field; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }
}

impl Client {
    /// The service at an address without a path, each request to which ends within `timeout`.
    pub fn new(base: &str, key: Option<&str>, timeout: Duration) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(timeout));
        // A connection for each request: what a broken one does to others is not asked.
        let config = config.max_redirects(0).max_redirects_will_error(false).max_idle_connections(0).proxy(None);
        let base = base.trim_end_matches('/').to_owned();
        Self { agent: config.build().into(), base, key: key.map(|key| format!("Bearer {key}")) }
    }

    /// Asks; what is wrong is said in words.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, String)],
        body: Vec<u8>,
    ) -> Result<Answer, ureq::Error> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let is_own = headers.iter().any(|(name, _)| *name == "authorization");
        if let Some(key) = self.key.as_ref().filter(|_| !is_own) {
            request = request.header("authorization", key);
        }
        let mut response: Response<ureq::Body> = self.agent.run(request.body(body)?)?;
        let mut body = vec![];
        response.body_mut().as_reader().take(LONGEST).read_to_end(&mut body)?;
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()));
        Ok(Answer { status: response.status().as_u16(), headers: headers.collect(), body })
    }
}
