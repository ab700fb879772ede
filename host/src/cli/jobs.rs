//! `astlas jobs`: the index jobs of one tenant of the service.

use anyhow::{Context, Result, bail};
use astlas_http::JobState;
use astlas_identity::Tenant;
use astlas_service::Question;
use clap::{Args, Subcommand};
use serde_json::Value;

use super::{
    Format, Global,
    service::{Configured, layers, opened},
    tenants::day,
};
use crate::output;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    configured: Configured,
    /// Whose jobs
    #[arg(long, global = true, value_name = "NAME", default_value = "local")]
    tenant: Tenant,
    /// How the result is printed
    #[arg(long, global = true, value_name = "FORMAT", default_value = "table")]
    format: Format,
    /// List jobs in this state alone; dead ones were given up
    #[arg(long, global = true, value_parser = JobState::ALL.map(JobState::word))]
    state: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print jobs, those that were last written first; so does no command
    List,
    /// Print one job
    Show {
        /// Its id
        job: String,
    },
    /// Call a job off; nothing that was made for it can be seen
    Cancel {
        /// Its id
        job: String,
    },
    /// Have a job done after all that failed, is dead or was cancelled
    Retry {
        /// Its id
        job: String,
    },
}

/// Asks the write side about jobs.
pub fn run(arguments: &Arguments, global: &Global) -> Result<()> {
    let path = |job: &str, what: &str| {
        // It goes into a path; the service's own are plain.
        if job.is_empty() || !job.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            bail!(super::Usage(format!("{job:?} is no id of a job; `astlas jobs` lists them")));
        }
        Ok(format!("/api/v1/jobs/{job}{what}"))
    };
    let (method, path) = match &arguments.command {
        None | Some(Command::List) => {
            let query = arguments.state.as_ref().map_or_else(String::new, |state| format!("?state={state}"));
            ("GET", format!("/api/v1/jobs{query}"))
        }
        Some(Command::Show { job }) => ("GET", path(job, "")?),
        Some(Command::Cancel { job }) => ("POST", path(job, "/cancel")?),
        Some(Command::Retry { job }) => ("POST", path(job, "/retry")?),
    };
    let (settings, stages) = opened(&layers(&arguments.configured, global)?, "jobs", global)?;
    let question = Question { method, path: &path, body: "" };
    let answers = astlas_service::ask(settings, stages, Some(&arguments.tenant), question)?;
    let answer = answers.into_iter().next().context("nobody answered")?;
    let body: Value = serde_json::from_slice(&answer.body).context("the answer is no JSON")?;
    if body["type"] == "/docs#unknown-job"
        && let Some(Command::Show { job } | Command::Cancel { job } | Command::Retry { job }) = &arguments.command
    {
        let tenant = &arguments.tenant;
        bail!("{tenant} has no job {job}; `astlas jobs --tenant {tenant}` lists those it has");
    }
    if answer.status >= 400 {
        bail!("{}", body["detail"].as_str().unwrap_or("the service does not say why it refused"));
    }
    match arguments.format {
        Format::Json => output::print_json(&body),
        Format::Table => output::print(&table(&body)),
    }
}

/// A list of jobs, or one job, for people.
fn table(answer: &Value) -> String {
    let jobs = answer["jobs"].as_array().map_or(std::slice::from_ref(answer), Vec::as_slice);
    let text = |job: &Value, name: &str| output::plain(job[name].as_str().unwrap_or("-"));
    let row = |job: &Value| {
        let words = ["job_id", "state", "repo_id", "commit_sha"].map(|name| text(job, name));
        [&words[..], &[day(job["updated"].as_u64()), text(job, "error")]].concat()
    };
    let rows: Vec<_> = jobs.iter().map(row).collect();
    let table = output::table(&["job", "state", "repository", "commit", "written", "why"], &[], &rows);
    match answer["left_out"].as_u64() {
        Some(more @ 1..) => format!("{table}and {more} more\n"),
        _ => table,
    }
}
