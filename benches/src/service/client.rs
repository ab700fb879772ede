//! What asks a service.

use std::{thread, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

/// Asks the service at an address.
pub struct Client {
    pub address: String,
}

impl Client {
    pub fn new(address: String) -> Self {
        Self { address }
    }

    pub fn get(&self, path: &str) -> Result<(u16, Value)> {
        self.get_as(path, &[])
    }

    /// What is answered as text.
    pub fn get_text(&self, path: &str) -> Result<String> {
        Ok(agent().get(format!("{}{path}", self.address)).call()?.body_mut().read_to_string()?)
    }

    pub fn get_as(&self, path: &str, headers: &[(&str, &str)]) -> Result<(u16, Value)> {
        let request = agent().get(format!("{}{path}", self.address));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let mut answer = request.call()?;
        Ok((answer.status().as_u16(), serde_json::from_str(&answer.body_mut().read_to_string()?)?))
    }

    pub fn post(&self, path: &str, body: &str) -> Result<(u16, Value)> {
        self.send(path, &[], body)
    }

    pub fn send(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Result<(u16, Value)> {
        let request = agent().post(format!("{}{path}", self.address));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let mut answer = request.send(body)?;
        Ok((answer.status().as_u16(), serde_json::from_str(&answer.body_mut().read_to_string()?)?))
    }

    pub fn put(&self, path: &str, body: &[u8]) -> Result<(u16, Value)> {
        self.put_as(path, &[], body)
    }

    pub fn put_as(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<(u16, Value)> {
        let request = agent().put(format!("{}{path}", self.address));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let mut answer = request.send(body)?;
        Ok((answer.status().as_u16(), serde_json::from_str(&answer.body_mut().read_to_string()?)?))
    }

    /// Indexes an archive as a tenant.
    pub fn index(&self, key: Option<&str>, commit: &str, archive: &[u8]) -> Result<()> {
        let headers: Vec<(&str, &str)> = key.iter().map(|key| ("x-api-key", *key)).collect();
        let path = format!("/api/v1/repos/acme/app/{commit}/archive");
        let (status, stored) = self.put_as(&path, &headers, archive)?;
        ensure!(status == 201, "{stored}");
        let body = json!({"repo_id": "acme/app", "commit_sha": commit}).to_string();
        let (status, started) = self.send("/api/v1/jobs/index_repo", &headers, &body)?;
        ensure!(status == 202, "{started}");
        let job = format!("/api/v1/jobs/{}", started["job_id"].as_str().context("no job")?);
        loop {
            let (_, job) = self.get_as(&job, &headers)?;
            match job["state"].as_str() {
                Some("done") => return Ok(()),
                Some("queued" | "running") => thread::sleep(Duration::from_millis(100)),
                _ => bail!("{job}"),
            }
        }
    }
}

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}
