//! Tenants beside each other: what it costs to know who asks and to count it, and what a hostile one does to the others.

use std::{
    fs,
    path::Path,
    process::Command,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
};

use anyhow::{Context, Result, bail, ensure};
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
    report::{row, runs, short, table},
};

const PATH: &str = "/api/v1/graph/dependencies";
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
/// What the hostile one may: all, as fast as it can.
const OPEN: &str = "[identity]\nknown_for = 10\n";
/// Callers of the hostile tenant.
const HOSTILE: usize = 64;

pub fn bench(rounds: u32) -> Result<()> {
    cost(rounds)?;
    fairness(rounds)
}

/// A service, with what is in its folders.
struct Place {
    folder: tempfile::TempDir,
    server: Server,
}

impl Place {
    fn start(configuration: &str, redis: Option<&RedisServer>) -> Result<Self> {
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
    fn key(&self, tenant: &str) -> Result<String> {
        said(self.folder.path(), &["create", tenant])?;
        Ok(said(self.folder.path(), &["create-key", tenant, "--role", "index"])?.trim().to_owned())
    }

    /// Indexes an archive as a tenant.
    fn index(&self, key: Option<&str>, commit: &str, archive: &[u8]) -> Result<()> {
        let headers: Vec<(&str, &str)> = key.iter().map(|key| ("x-api-key", *key)).collect();
        let path = format!("/api/v1/repos/acme/app/{commit}/archive");
        let (status, stored) = self.server.put_as(&path, &headers, archive)?;
        ensure!(status == 201, "{stored}");
        let body = json!({"repo_id": "acme/app", "commit_sha": commit}).to_string();
        let (status, started) = self.server.send("/api/v1/jobs/index_repo", &headers, &body)?;
        ensure!(status == 202, "{started}");
        let job = format!("/api/v1/jobs/{}", started["job_id"].as_str().context("no job")?);
        loop {
            let (_, job) = self.server.get_as(&job, &headers)?;
            match job["state"].as_str() {
                Some("done") => return Ok(()),
                Some("queued" | "running") => thread::sleep(std::time::Duration::from_millis(100)),
                _ => bail!("{job}"),
            }
        }
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
fn corpus() -> Result<(Vec<u8>, Vec<String>)> {
    let files = files(&corpora::django()?.folder)?;
    let archive = zip(&files.iter().map(|(path, content)| (path.as_str(), content.as_slice())).collect::<Vec<_>>());
    let sources = files.iter().filter_map(|(path, _)| path.strip_prefix("repository-0f/"));
    let sources = sources.filter(|path| path.ends_with(".py")).take(ASKED);
    let question = |file| json!({"repo_id": "acme/app", "commit_sha": "c1", "file_path": file}).to_string();
    Ok((archive, sources.map(question).collect()))
}

/// Requests a second without and with credentials and limits, in turns.
fn cost(rounds: u32) -> Result<()> {
    let (archive, bodies) = corpus()?;
    let title = format!("What it costs to know who asks and to count it: `{PATH}`, {CALLERS} callers at once");
    table(&title, &["counted in", "requests/s without", "with a key, two rules and four quotas", "ratio"]);
    for redis in [None, Some(RedisServer::start())] {
        let open = Place::start("", redis.as_ref())?;
        let limited = Place::start(LIMITS, redis.as_ref())?;
        let key = limited.key("acme")?;
        open.index(None, "c1", &archive)?;
        limited.index(Some(&key), "c1", &archive)?;
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

/// What one tenant's questions take while another one does its worst.
fn fairness(rounds: u32) -> Result<()> {
    let (archive, bodies) = corpus()?;
    let place = Place::start(OPEN, None)?;
    let (good, bad) = (place.key("good")?, place.key("bad")?);
    place.index(Some(&good), "c1", &archive)?;
    place.index(Some(&bad), "c1", &archive)?;
    let title = format!("`{PATH}` of one tenant, {CALLERS} callers at once, beside a hostile one");
    table(&title, &["", "requests/s", "p50", "p99"]);
    let (mut alone, mut beside) = ([(); 3].map(|()| Runs::default()), [(); 3].map(|()| Runs::default()));
    let counted = AtomicU64::new(0);
    for round in 0..rounds {
        push(&mut alone, &load(&place.server, PATH, &bodies, Some(&good))?);
        let (stop, counted) = (AtomicBool::new(false), &counted);
        let loaded = thread::scope(|scope| {
            for caller in 0..HOSTILE {
                let (place, bad, archive, stop) = (&place, &bad, &archive, &stop);
                scope.spawn(move || {
                    for turn in 0.. {
                        if stop.load(Ordering::Relaxed) {
                            break;
                        }
                        // What is refused or broken off counts as well.
                        let _ = attack(place, bad, archive, caller, &format!("{round}-{caller}-{turn}"));
                        counted.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
            thread::sleep(std::time::Duration::from_secs(1));
            let loaded = load(&place.server, PATH, &bodies, Some(&good));
            stop.store(true, Ordering::Relaxed);
            loaded
        })?;
        push(&mut beside, &loaded);
    }
    let name = format!("beside {} requests that index, parse and ask for what nobody kept", counted.into_inner());
    for (name, [per_second, p50, p99]) in [("alone", &alone), (name.as_str(), &beside)] {
        row(&[name.into(), runs(per_second, 1.0, ""), runs(p50, 1.0, "ms"), runs(p99, 1.0, "ms")]);
    }
    row(&["ratio of the medians of p99".into(), "-".into(), "-".into(), short(beside[2].median() / alone[2].median())]);
    Ok(())
}

fn push(runs: &mut [Runs; 3], loaded: &super::load::Loaded) {
    for (runs, value) in runs.iter_mut().zip([loaded.per_second, loaded.p50, loaded.p99]) {
        runs.push(value);
    }
}

/// One of the worst things to be asked for.
fn attack(place: &Place, key: &str, archive: &[u8], caller: usize, name: &str) -> Result<()> {
    let headers = [("x-api-key", key)];
    match caller % 4 {
        // A whole index, and a bomb: 200 MB of one letter.
        0 => place.index(Some(key), name, archive),
        1 => {
            let source = json!({"repo_id": "a/b", "file_path": "a.py", "content": "a(".repeat(1 << 20)}).to_string();
            place.server.send("/api/v1/ast/parse", &headers, &source).map(drop)
        }
        2 => {
            let body = json!({"repo_id": "acme/app", "commit_sha": "c1", "mentioned": [name], "max_tokens": 8000});
            place.server.send("/api/v1/repomap", &headers, &body.to_string()).map(drop)
        }
        _ => {
            let body = json!({"repo_id": "acme/app", "commit_sha": "c1", "strategy": "betweenness", "limit": caller});
            place.server.send("/api/v1/graph/important_files", &headers, &body.to_string()).map(drop)
        }
    }
}
