//! The service under load: Django indexed, eight callers at once, beside a function that does nothing on the same host.

mod load;
mod server;

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use astlas_engine::Runtime;
use astlas_service::{Configuration, Settings};
use serde_json::{Value, json};

use crate::{
    corpora,
    corpora::target,
    measure::Runs,
    report::{row, runs, short, table},
    startup,
};
use load::{CALLERS, load};
use server::Server;

/// Files that are asked about.
const ASKED: usize = 200;
/// What is asked with one of them.
const OPERATIONS: [(&str, &str); 3] = [
    ("/api/v1/graph/dependencies", r#""file_path":"FILE""#),
    ("/api/v1/graph/important_files", r#""context_files":["FILE"]"#),
    ("/api/v1/repomap", r#""context_files":["FILE"]"#),
];
/// Files of the commit that changes three.
const CHANGED: [&str; 3] = ["django/http/request.py", "django/utils/text.py", "django/forms/forms.py"];

/// Serves the function that does nothing, until it is told to stop.
pub fn serve_hello(listen: &str, folder: &Path) -> Result<()> {
    let configuration = Configuration { listen: listen.parse()?, ..Configuration::default() };
    let cache = astlas_cache::Settings::new(folder);
    let (query, ingest) = (startup::artifact("hello")?, startup::artifact("ingest")?);
    let stages = Runtime::new(startup::artifacts()?, None, 2)?;
    astlas_service::serve(Settings { configuration, cache, query, ingest }, stages)
}

pub fn bench(rounds: u32) -> Result<()> {
    starts(rounds)?;
    let corpus = corpora::django()?;
    let folder = tempfile::tempdir()?;
    let server = Server::start(&mut program(folder.path()))?;
    let paths = indexed(&server, &corpus.folder, folder.path())?;
    changes(&server, &paths, &corpus.folder, folder.path())?;

    let title = format!("{}: {CALLERS} callers at once, each of {ASKED} files again and again", corpus.name);
    table(&title, &["endpoint", "requests/s", "p50", "p99", "CPU of one answer", "CPU of one asked the first time"]);
    for (path, about) in OPERATIONS {
        let bodies: Vec<String> = paths
            .iter()
            .take(ASKED)
            .map(|file| format!("{{\"repo_id\":\"django\",\"commit_sha\":\"base\",{}}}", about.replace("FILE", file)))
            .collect();
        let before = server.cpu_seconds()?;
        for body in &bodies {
            ensure!(server.post(path, body)?.0 == 200, "{path}: {body}");
        }
        let first = (server.cpu_seconds()? - before) / bodies.len() as f64;
        show(path, &server, path, &bodies, Some(first))?;
    }
    drop(server);
    let hello_folder = tempfile::tempdir()?;
    let mut hello = Command::new(std::env::current_exe()?);
    hello.arg("--hello").arg(hello_folder.path());
    let server = Server::start(&mut hello)?;
    show("a function that does nothing", &server, "/api/v1/repomap", &["{}".to_owned()], None)
}

fn show(name: &str, server: &Server, path: &str, bodies: &[String], first: Option<f64>) -> Result<()> {
    let before = server.cpu_seconds()?;
    let loaded = load(server, path, bodies)?;
    let each = (server.cpu_seconds()? - before) / loaded.requests;
    row(&[
        name.into(),
        short(loaded.per_second),
        format!("{} ms", short(loaded.p50)),
        format!("{} ms", short(loaded.p99)),
        format!("{} ms", short(each * 1e3)),
        first.map_or_else(|| "-".into(), |first| format!("{} ms", short(first * 1e3))),
    ]);
    Ok(())
}

fn program(folder: &Path) -> Command {
    let mut command = Command::new(target().join("release/astlas"));
    // As where it runs for others: what it has to say goes to a collector.
    command.arg("serve").arg("--cache-dir").arg(folder).env("ASTLAS_TELEMETRY_LEVEL", "warn");
    command
}

/// From the start of the process to the first 200, and what it holds then.
fn starts(rounds: u32) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (mut first, mut rest) = (Runs::default(), Runs::default());
    let cold = Server::start(&mut program(folder.path()))?.started;
    for _ in 0..rounds.max(5) {
        let server = Server::start(&mut program(folder.path()))?;
        first.push(server.started);
        rest.push(server.resident()?);
    }
    table("Start of the service", &["", "wall or memory"]);
    row(&["to the first 200, empty cache folder".into(), format!("{} ms", short(cold * 1e3))]);
    row(&["to the first 200".into(), runs(&first, 1e3, "ms")]);
    row(&["resident at rest".into(), runs(&rest, 1e-6, "MB")]);
    Ok(())
}

/// Puts the corpus where a bucket would have it, and indexes it: the paths of its files, best first.
fn indexed(server: &Server, corpus: &Path, folder: &Path) -> Result<Vec<String>> {
    copy(corpus, &folder.join("blobs/repos/django/base"))?;
    let before = server.cpu_seconds()?;
    let job = server.index("base", None)?;
    table("Indexes", &["commit", "files", "read", "CPU"]);
    let seconds = server.cpu_seconds()? - before;
    row(&["all files new".into(), job["files"].to_string(), job["read"].to_string(), format!("{} s", short(seconds))]);
    let (status, ranked) =
        server.post("/api/v1/graph/important_files", r#"{"repo_id":"django","commit_sha":"base","limit":0}"#)?;
    ensure!(status == 200, "{ranked}");
    let paths = ranked["files"].as_array().into_iter().flatten().filter_map(|file| file["file"].as_str());
    Ok(paths.map(str::to_owned).collect())
}

/// Commits that change three files: what it takes from the event to where they can be asked.
fn changes(server: &Server, paths: &[String], corpus: &Path, folder: &Path) -> Result<()> {
    let root = paths.iter().find_map(|path| path.strip_suffix(CHANGED[0])).context("the corpus is another one")?;
    let mut seconds = Runs::default();
    let mut job = Value::Null;
    for round in 0..3 {
        let commit = format!("change{round}");
        let target = folder.join("blobs/repos/django").join(&commit);
        copy(corpus, &target)?;
        for file in CHANGED {
            let path = target.join(root).join(file);
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            fs::write(&path, format!("{text}\n\ndef added_{round}(request):\n    return request\n"))?;
        }
        let before = server.cpu_seconds()?;
        job = server.index(&commit, Some("base"))?;
        seconds.push(server.cpu_seconds()? - before);
    }
    row(&["three files changed".into(), job["files"].to_string(), job["read"].to_string(), runs(&seconds, 1e3, "ms")]);
    Ok(())
}

/// Copies a folder; times of files are kept, which is what tells those that did not change.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    let done = Command::new("cp").arg("-a").arg(from.join(".")).arg(to).status().context("cp")?;
    ensure!(done.success(), "cp -a {} {}", from.display(), to.display());
    Ok(())
}

impl Server {
    /// Has a commit indexed whose files are in the folder: what came of it.
    fn index(&self, commit: &str, base: Option<&str>) -> Result<Value> {
        let body = json!({"repo_id": "django", "commit_sha": commit, "base_sha": base}).to_string();
        let (status, started) = self.post("/api/v1/jobs/index_repo", &body)?;
        ensure!(status == 202, "{started}");
        let path = format!("/api/v1/jobs/{}", started["job_id"].as_str().context("no job")?);
        loop {
            let (_, job) = self.get(&path)?;
            match job["state"].as_str() {
                Some("done") => return Ok(job["result"].clone()),
                Some("queued" | "running") => std::thread::sleep(std::time::Duration::from_millis(50)),
                _ => anyhow::bail!("{job}"),
            }
        }
    }
}
