//! `cargo xtask conformance`: arguments in, lines and an exit code out.

use std::{ffi::OsString, io::Write, path::PathBuf, time::Duration};

use clap::Parser;

use crate::{CaseReport, Feature, Options, RunError, names, run_and_tell};

/// Everything is as the goldens say.
const GOOD: u8 = 0;
/// Something is not.
const BAD: u8 = 1;
/// What is asked for makes no sense.
const USAGE: u8 = 2;

/// Drive a running service through its interface, and compare what it answers with goldens
#[derive(Parser)]
#[command(name = "cargo xtask conformance")]
struct Arguments {
    /// Address of the service, without a path
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    base_url: String,
    /// API key or identity token of a tenant's, where the service asks for one; its role has to be admin
    #[arg(long, value_name = "KEY", env = "ASTLAS_API_KEY", hide_env_values = true)]
    api_key: Option<String>,
    /// What the service believes a forge by, `secret` of [forge]
    #[arg(long, value_name = "SECRET", env = "ASTLAS_FORGE_SECRET", hide_env_values = true)]
    webhook_secret: Option<String>,
    /// Only cases with this in their names; may be given more than once
    #[arg(long, value_name = "WORD")]
    filter: Vec<String>,
    /// Leave out what the service has not; may be given more than once
    #[arg(long, value_name = "FEATURE", value_enum)]
    without: Vec<Feature>,
    /// Name the cases, and ask nothing
    #[arg(long)]
    list: bool,
    /// Make what the service answers the goldens
    #[arg(long)]
    bless: bool,
    /// Where the goldens are; to compare two services, bless a folder by one and give it to the other
    #[arg(long, value_name = "DIR")]
    goldens: Option<PathBuf>,
    /// How long one request may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// How long a job may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=3600))]
    job_timeout: u64,
}

/// Runs what arguments ask for, the program's name first: 0 where all is the same, 1 where something differs, 2 where the
/// arguments are bad.
pub fn command(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    out: &mut dyn Write,
    errors: &mut dyn Write,
) -> u8 {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(said) => {
            // Whoever does not listen is told by the code.
            let _ = if said.use_stderr() { write!(errors, "{said}") } else { write!(out, "{said}") };
            return if said.use_stderr() { USAGE } else { GOOD };
        }
    };
    let defaults = Options::new(arguments.base_url);
    let options = Options {
        goldens: arguments.goldens.unwrap_or(defaults.goldens),
        api_key: arguments.api_key,
        webhook_secret: arguments.webhook_secret,
        filter: arguments.filter,
        without: arguments.without,
        bless: arguments.bless,
        timeout: Duration::from_secs(arguments.timeout),
        patience: Duration::from_secs(arguments.job_timeout),
        ..defaults
    };
    if arguments.list {
        names(&options).iter().for_each(|name| drop(writeln!(out, "{name}")));
        return GOOD;
    }
    let done = run_and_tell(&options, |case: &CaseReport| drop(writeln!(out, "{case}")));
    match done {
        Ok(report) => {
            let _ = writeln!(out, "{report}");
            if report.is_good() { GOOD } else { BAD }
        }
        Err(error) => {
            let _ = writeln!(errors, "error: {error}");
            if matches!(error, RunError::Usage(_)) { USAGE } else { BAD }
        }
    }
}
