//! What a push costs: indexed anew, and on top of a commit that is in memory, in Redis or in the bucket alone.

use std::{
    collections::BTreeMap,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use super::{
    deployment::{Counts, Deployment},
    rows::Rows,
};
use crate::{measure::Runs, service::server::Server};

/// Commits that change three files, for each way of finding the one before.
pub const COMMITS: u32 = 5;
/// A process that used nothing for so long has nothing left to do.
const QUIET: Duration = Duration::from_millis(300);
const LOOKS: u32 = 200;
/// The commit before there is any.
const NONE: &str = "0000000000000000000000000000000000000000";

/// What one push took.
struct Pushed {
    service: f64,
    worker: f64,
    wall: f64,
    counts: Counts,
}

#[derive(Default)]
struct Several {
    service: Runs,
    worker: Runs,
    wall: Runs,
    writes: Runs,
    reads: Runs,
    commands: Runs,
    redis_cpu: Runs,
}

impl Several {
    fn push(&mut self, pushed: &Pushed) {
        let Counts { writes, reads, commands, redis_cpu } = pushed.counts;
        let Self { service, worker, wall, .. } = self;
        for (runs, value) in [(service, pushed.service), (worker, pushed.worker), (wall, pushed.wall)] {
            runs.push(value);
        }
        for (runs, value) in [(&mut self.writes, writes), (&mut self.reads, reads), (&mut self.commands, commands)] {
            runs.push(value);
        }
        self.redis_cpu.push(redis_cpu);
    }
}

/// A push, from the event until nobody works on it any more.
fn push(
    deployment: &Deployment,
    service: &Server,
    worker: &Server,
    tell: impl Fn() -> Result<String>,
) -> Result<Pushed> {
    let (before, service_before, worker_before) = (deployment.counts()?, service.cpu_seconds()?, worker.cpu_seconds()?);
    let begun = Instant::now();
    let job = tell()?;
    deployment.wait_for(&job)?;
    let wall = begun.elapsed().as_secs_f64();
    settle(worker)?;
    let service_cpu = service.cpu_seconds()? - service_before;
    let counts = deployment.counts()?.since(before);
    Ok(Pushed { service: service_cpu, worker: worker.cpu_seconds()? - worker_before, wall, counts })
}

/// Waits until a process has nothing left to do.
fn settle(worker: &Server) -> Result<()> {
    for _ in 0..LOOKS {
        let before = worker.cpu_seconds()?;
        thread::sleep(QUIET);
        if worker.cpu_seconds()? - before < 0.015 {
            return Ok(());
        }
    }
    bail!("the worker does not end")
}

/// The corpus with three files changed.
fn changed(deployment: &Deployment, paths: &[String], number: u32) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = deployment.pushes().files().to_vec();
    for part in 1..4 {
        let path = paths.get(paths.len() * part / 4).context("the corpus has no sources")?;
        let file = files.iter_mut().find(|(name, _)| name.ends_with(path)).context("a source is not in the archive")?;
        let text = match path.rsplit('.').next() {
            Some("py") => format!("\n\ndef added_{number}(request):\n    return request\n"),
            _ => format!("\n\nfunction added_{number}(request) {{ return request; }}\n"),
        };
        file.1.extend(text.into_bytes());
    }
    Ok(files)
}

/// The first index: the paths of the sources, those that matter most first.
pub fn first(deployment: &Deployment, service: &Server, worker: &Server, rows: &mut Rows) -> Result<Vec<String>> {
    let small = [("small-0f/a.py".to_owned(), b"def a():\n    return 1\n".to_vec())];
    deployment.pushes().offer("small", &small);
    push(deployment, service, worker, || deployment.pushes().tell_of_push(service, "small", NONE))?;
    deployment.flush();
    deployment.messages()?;

    let pushes = deployment.pushes();
    let archive = pushes.offer("base", pushes.files());
    let (bucket, size) = (deployment.bucket_bytes()?, |bytes: f64| bytes / 1e6);
    let pushed = push(deployment, service, worker, || pushes.tell_of_push(service, "base", NONE))?;
    rows.add("archive of the forge, MB", size(archive as f64));
    rows.add("first index: worker CPU, s", pushed.worker);
    rows.add("first index: wall, s", pushed.wall);
    rows.add("first index: worker at most, MB", size(worker.peak()?));
    for (kind, bytes) in deployment.redis_bytes() {
        // The rest is a few hundred bytes, and by chance.
        if ["ast", "graph", "ledger", "symbols", "merkle"].contains(&kind.as_str()) {
            rows.add(&format!("Redis after the first index: {kind}, MB"), size(bytes));
        }
    }
    let now = deployment.bucket_bytes()?;
    for kind in ["indexes", "sources"] {
        let bytes = now.get(kind).unwrap_or(&0.0) - bucket.get(kind).unwrap_or(&0.0);
        rows.add(&format!("bucket after the first index: {kind}, MB"), size(bytes));
    }
    let (messages, bytes) = deployment.messages()?;
    rows.add("first index: messages", messages);
    rows.add("first index: bytes of messages, KB", bytes / 1e3);

    let ask = r#"{"repo_id":"acme/django","commit_sha":"base","limit":0}"#;
    let (_, ranked) = service.post("/api/v1/graph/important_files", ask)?;
    let paths = ranked["files"].as_array().into_iter().flatten().filter_map(|file| file["file"].as_str());
    Ok(paths.map(str::to_owned).collect())
}

/// Has a new worker do once what is done once in a process, with the first commit in Redis afterwards.
pub fn warm_up(deployment: &Deployment, service: &Server, worker: &Server) -> Result<()> {
    let pushes = deployment.pushes();
    pushes.offer("again", pushes.files());
    push(deployment, service, worker, || pushes.tell_of_push(service, "again", "base")).map(drop)
}

/// Where the commit before is found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Base {
    Memory,
    Redis,
    Bucket,
}

impl Base {
    fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Redis => "Redis",
            Self::Bucket => "the bucket",
        }
    }
}

/// Commits that change three files.
pub fn update(
    deployment: &Deployment,
    [service, worker]: [&Server; 2],
    paths: &[String],
    base: Base,
    rows: &mut Rows,
) -> Result<()> {
    let (mut all, pushes) = (Several::default(), deployment.pushes());
    let (redis, bucket) = (deployment.redis_bytes(), deployment.bucket_bytes()?);
    deployment.messages()?;
    for number in 0..COMMITS {
        let commit = format!("{}{number}", base.name().replace(' ', "-"));
        pushes.offer(&commit, &changed(deployment, paths, number + COMMITS * base as u32)?);
        if base == Base::Bucket {
            deployment.flush();
        }
        all.push(&push(deployment, service, worker, || pushes.tell_of_push(service, &commit, "base"))?);
    }
    let name = format!("push, base in {}", base.name());
    rows.add_runs(&format!("{name}: worker CPU, s"), &all.worker);
    rows.add_runs(&format!("{name}: wall, s"), &all.wall);
    rows.add(&format!("{name}: commands of Redis"), all.commands.median());
    rows.add(&format!("{name}: Redis CPU, ms"), all.redis_cpu.median() * 1e3);
    if base != Base::Memory {
        rows.add(&format!("{name}: reads of the bucket"), all.reads.median());
        return Ok(());
    }
    rows.add("webhook: service CPU, mean, ms", all.service.mean() * 1e3);
    rows.add(&format!("{name}: writes and lists of the bucket"), all.writes.median());
    rows.add(&format!("{name}: reads of the bucket"), all.reads.median());
    let grown = |now: &BTreeMap<String, f64>, before: &BTreeMap<String, f64>, kind: &str| {
        (now.get(kind).unwrap_or(&0.0) - before.get(kind).unwrap_or(&0.0)) / f64::from(COMMITS)
    };
    let (redis_now, bucket_now) = (deployment.redis_bytes(), deployment.bucket_bytes()?);
    for kind in ["ast", "graph", "ledger", "symbols", "merkle"] {
        rows.add(&format!("Redis for a push: {kind}, MB"), grown(&redis_now, &redis, kind) / 1e6);
    }
    let all = |kinds: &BTreeMap<String, f64>| kinds.values().sum::<f64>();
    rows.add("Redis for a push: all, MB", (all(&redis_now) - all(&redis)) / f64::from(COMMITS) / 1e6);
    for kind in ["indexes", "sources", "jobs"] {
        rows.add(&format!("bucket for a push: {kind}, MB"), grown(&bucket_now, &bucket, kind) / 1e6);
    }
    let (messages, bytes) = deployment.messages()?;
    rows.add("push: messages", messages / f64::from(COMMITS));
    rows.add("push: bytes of messages", bytes / f64::from(COMMITS));
    Ok(())
}

/// Pull requests about commits that were pushed before: indexed again, and their contexts made.
pub fn pull_requests(deployment: &Deployment, [service, worker]: [&Server; 2], rows: &mut Rows) -> Result<()> {
    let mut all = Several::default();
    for number in 0..COMMITS {
        let commit = format!("memory{number}");
        let tell = || deployment.pushes().tell_of_pull_request(service, &commit, "base");
        all.push(&push(deployment, service, worker, tell)?);
    }
    rows.add_runs("pull request, pushed before: worker CPU, s", &all.worker);
    rows.add("pull request, pushed before: writes and lists of the bucket", all.writes.median());
    rows.add("pull request, pushed before: reads of the bucket", all.reads.median());
    rows.add("pull request, pushed before: commands of Redis", all.commands.median());
    Ok(())
}

/// An archive that is sent instead of fetched.
pub fn upload(deployment: &Deployment, service: &Server, rows: &mut Rows) -> Result<()> {
    let files: Vec<(&str, &[u8])> =
        deployment.pushes().files().iter().map(|(path, content)| (path.as_str(), content.as_slice())).collect();
    let (archive, mut all) = (astlas_tests::archives::zip(&files), Runs::default());
    for number in 0..COMMITS {
        let before = service.cpu_seconds()?;
        service.put(&format!("/api/v1/repos/acme/django/sent{number}/archive"), &archive)?;
        all.push(service.cpu_seconds()? - before);
    }
    rows.add_runs("archive sent: service CPU, s", &all);
    Ok(())
}
