//! What it costs to know who asks and to count it.

use std::{fs, path::Path, process::Command};

use anyhow::{Result, ensure};
use astlas_test_servers::RedisServer;
use astlas_tests::archives::zip;
use serde_json::json;

use super::{
    ASKED,
    load::{CALLERS, load},
    program,
    push::files,
    server::Server,
};
use crate::{
    corpora,
    measure::Runs,
    report::{row, runs, table},
};

pub const PATH: &str = "/api/v1/graph/dependencies";
/// Every kind of rule, none of which is ever used up, and every quota.
const LIMITS: &str = r#"
[identity]
known_for = 10
[limits]
plan = "all"
[limits.plans.all]
rules = [
    { name = "minute", algorithm = "sliding-window", limit = 100000000, window = 60 },
    { name = "burst", routes = ["query"], algorithm = "token-bucket", limit = 10000000, window = 1 },
]
calls_per_day = 1000000000000
calls_per_month = 1000000000000
parsed_bytes_per_day = 1000000000000000
stored_bytes = 1000000000000000
"#;

/// A service, with what is in its folders.
pub struct Place {
    folder: tempfile::TempDir,
    pub server: Server,
}

impl Place {
    pub fn start(configuration: &str, redis: Option<&RedisServer>) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("astlas.toml");
        fs::write(&file, configuration)?;
        let mut command = program("serve", folder.path());
        command.arg("--config").arg(file);
        if let Some(redis) = redis {
            command.env("ASTLAS_CACHE_URL", redis.url());
        }
        Ok(Self { server: Server::start(&mut command)?, folder })
    }

    /// A new tenant's key.
    pub fn key(&self, tenant: &str) -> Result<String> {
        said(self.folder.path(), &["create", tenant])?;
        Ok(said(self.folder.path(), &["create-key", tenant, "--role", "index"])?.trim().to_owned())
    }
}

/// What `astlas tenants` prints.
fn said(folder: &Path, arguments: &[&str]) -> Result<String> {
    let mut command: Command = program("tenants", folder);
    let done = command.args(arguments).output()?;
    ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Ok(String::from_utf8(done.stdout)?)
}

/// The corpus as an archive, and questions about its files.
pub fn corpus() -> Result<(Vec<u8>, Vec<String>)> {
    let files = files(&corpora::django()?.folder)?;
    let archive = zip(&files.iter().map(|(path, content)| (path.as_str(), content.as_slice())).collect::<Vec<_>>());
    let sources = files.iter().filter_map(|(path, _)| path.strip_prefix("repository-0f/"));
    let sources = sources.filter(|path| path.ends_with(".py")).take(ASKED);
    let question = |file| json!({"repo_id": "acme/app", "commit_sha": "c1", "file_path": file}).to_string();
    Ok((archive, sources.map(question).collect()))
}

/// Requests a second without and with credentials and limits, in turns.
pub fn bench(rounds: u32) -> Result<()> {
    let (archive, bodies) = corpus()?;
    let title = format!("What it costs to know who asks and to count it: `{PATH}`, {CALLERS} callers at once");
    table(&title, &["counted in", "requests/s without", "with a key, two rules and four quotas", "ratio"]);
    for redis in [None, Some(RedisServer::start())] {
        let open = Place::start("", redis.as_ref())?;
        let limited = Place::start(LIMITS, redis.as_ref())?;
        let key = limited.key("acme")?;
        open.server.index(None, "c1", &archive)?;
        limited.server.index(Some(&key), "c1", &archive)?;
        let (mut without, mut with, mut ratio) = (Runs::default(), Runs::default(), Runs::default());
        for _ in 0..rounds {
            let one = load(&open.server, PATH, &bodies, None)?.per_second;
            let other = load(&limited.server, PATH, &bodies, Some(&key))?.per_second;
            without.push(one);
            with.push(other);
            ratio.push(other / one);
        }
        let place = if redis.is_some() { "Redis" } else { "the process" };
        row(&[place.into(), runs(&without, 1.0, ""), runs(&with, 1.0, ""), runs(&ratio, 1.0, "")]);
    }
    Ok(())
}
