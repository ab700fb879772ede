//! From a push event to answers: a commit as a whole, and commits that change three files of it.

use std::{
    fs,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use astlas_test_servers::Forge;
use astlas_tests::archives::zip;
use serde_json::{Value, json};

use super::server::Server;
use crate::{
    corpora::Corpus,
    measure::Runs,
    report::{row, runs, short, table},
};

/// What the corpus is called at the forge.
pub const REPOSITORY: &str = "acme/django";
const TOKEN: &str = "of the bench";
const SECRET: &str = "of the bench, too";
/// Files that the commits change.
const CHANGED: [&str; 3] = ["django/http/request.py", "django/utils/text.py", "django/forms/forms.py"];
const COMMITS: u32 = 5;
/// How long is waited for a job.
const PATIENCE: Duration = Duration::from_secs(600);

/// A forge that has the corpus.
pub struct Pushes {
    forge: Forge,
    files: Vec<(String, Vec<u8>)>,
}

impl Pushes {
    pub fn new(corpus: &Corpus) -> Result<Self> {
        Ok(Self { forge: Forge::start(TOKEN), files: files(&corpus.folder)? })
    }

    /// Tells a service of the forge.
    pub fn tell<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let variables = [("API", self.forge.address()), ("TOKEN", TOKEN), ("SECRET", SECRET)];
        command.envs(variables.map(|(name, value)| (format!("ASTLAS_FORGE_{name}"), value)))
    }

    /// Pushes them: the paths of the first commit's files, best first.
    pub fn bench(&self, server: &Server) -> Result<Vec<String>> {
        table("From a push to answers", &["commit", "files", "read", "CPU"]);
        let (seconds, result) = self.push(server, "base", &"0".repeat(40), &self.files)?;
        let counts = |result: &Value| [result["files"].to_string(), result["read"].to_string()];
        let [files, read] = counts(&result);
        row(&["all files new".into(), files, read, format!("{} s", short(seconds))]);
        let (mut all, mut last) = (Runs::default(), Value::Null);
        for number in 0..COMMITS {
            let mut files = self.files.clone();
            for name in CHANGED {
                let file =
                    files.iter_mut().find(|(path, _)| path.ends_with(name)).context("the corpus is another one")?;
                file.1.extend(format!("\n\ndef added_{number}(request):\n    return request\n").into_bytes());
            }
            let (seconds, result) = self.push(server, &format!("change{number}"), "base", &files)?;
            all.push(seconds);
            last = result;
        }
        let [files, read] = counts(&last);
        row(&["three files changed".into(), files, read, runs(&all, 1e3, "ms")]);
        let ask = r#"{"repo_id":"acme/django","commit_sha":"base","limit":0}"#;
        let (status, ranked) = server.post("/api/v1/graph/important_files", ask)?;
        ensure!(status == 200, "{ranked}");
        let paths = ranked["files"].as_array().into_iter().flatten().filter_map(|file| file["file"].as_str());
        Ok(paths.map(str::to_owned).collect())
    }

    /// What it takes until a commit that is pushed can be asked, and what came of it.
    fn push(&self, server: &Server, commit: &str, before: &str, files: &[(String, Vec<u8>)]) -> Result<(f64, Value)> {
        self.offer(commit, files);
        let begun = server.cpu_seconds()?;
        let job = self.tell_of_push(server, commit, before)?;
        let result = done(server, &job, Duration::from_millis(100))?;
        Ok((server.cpu_seconds()? - begun, result))
    }

    /// The files of the corpus, as the forge packs them.
    pub fn files(&self) -> &[(String, Vec<u8>)] {
        &self.files
    }

    /// Gives the forge a commit with these files: the bytes of its archive.
    pub fn offer(&self, commit: &str, files: &[(String, Vec<u8>)]) -> usize {
        let files: Vec<(&str, &[u8])> =
            files.iter().map(|(path, content)| (path.as_str(), content.as_slice())).collect();
        let archive = zip(&files);
        let bytes = archive.len();
        self.forge.push(REPOSITORY, commit, archive);
        bytes
    }

    /// Has the forge tell a service of a push: the path of the job.
    pub fn tell_of_push(&self, server: &Server, commit: &str, before: &str) -> Result<String> {
        let body = json!({"ref": "refs/heads/main", "before": before, "after": commit, "repository": repository()});
        self.tell_of(server, "push", commit, &body)
    }

    /// Has the forge tell a service of a pull request whose base is indexed: the path of the job.
    pub fn tell_of_pull_request(&self, server: &Server, commit: &str, base: &str) -> Result<String> {
        let sides = json!({"head": {"sha": commit}, "base": {"sha": base}});
        let body = json!({"action": "synchronize", "pull_request": sides, "repository": repository()});
        self.tell_of(server, "pull_request", commit, &body)
    }

    fn tell_of(&self, server: &Server, event: &str, commit: &str, body: &Value) -> Result<String> {
        let (body, delivery) = (body.to_string(), format!("{event} {commit}"));
        let signature = Forge::signature(SECRET, body.as_bytes());
        let headers =
            [("x-github-event", event), ("x-github-delivery", &delivery), ("x-hub-signature-256", &signature)];
        let (status, accepted) = server.send("/webhooks/github", &headers, &body)?;
        ensure!(status == 202, "{accepted}");
        Ok(format!("/api/v1/jobs/{}", accepted["jobs"][0].as_str().context("no job")?))
    }
}

fn repository() -> Value {
    json!({"full_name": REPOSITORY})
}

/// Waits until a job is done, with so long between two looks: what came of it.
pub fn done(server: &Server, job: &str, pause: Duration) -> Result<Value> {
    let begun = Instant::now();
    loop {
        ensure!(begun.elapsed() < PATIENCE, "a job is not done after {PATIENCE:?}");
        let (_, job) = server.get(job)?;
        match job["state"].as_str() {
            Some("done") => return Ok(job["result"].clone()),
            Some("queued" | "running") => thread::sleep(pause),
            _ => bail!("{job}"),
        }
    }
}

/// The files of a folder, as a forge would pack them.
pub fn files(folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = vec![];
    for entry in ignore::WalkBuilder::new(folder).standard_filters(false).sort_by_file_name(Ord::cmp).build() {
        let entry = entry?;
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            let path = entry.path().strip_prefix(folder)?.to_str().context("a path that is not UTF-8")?;
            files.push((format!("repository-0f/{path}"), fs::read(entry.path())?));
        }
    }
    Ok(files)
}
