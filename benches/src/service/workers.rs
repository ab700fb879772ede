//! One index by one worker and by several, over Redis, Cloud Storage and Pub/Sub.

use std::{thread, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use astlas_test_servers::{GcsServer, PubSubEmulator, RedisServer};
use astlas_tests::archives::zip;
use serde_json::{Value, json};

use super::{program, push::files, server::Server};
use crate::{
    corpora,
    report::{row, short, table},
};

const BUCKET: &str = "sources";
const PROJECT: &str = "bench";
const TOPIC: &str = "index-jobs";
const SUBSCRIPTION: &str = "index-workers";

pub fn bench() -> Result<()> {
    let corpus = corpora::large()?;
    let files = files(&corpus.folder)?;
    let archive = zip(&files.iter().map(|(path, content)| (path.as_str(), content.as_slice())).collect::<Vec<_>>());
    drop(files);
    let title = format!("An index of {} by workers", corpus.name);
    table(&title, &["workers", "batches", "CPU of each worker", "wall", "index"]);
    let mut first: Option<Vec<u8>> = None;
    for count in [1, 3] {
        let index = index(count, &archive)?;
        ensure!(first.get_or_insert_with(|| index.clone()) == &index, "{count} workers made another index");
    }
    Ok(())
}

/// Has the archive indexed by so many workers: the index.
fn index(count: usize, archive: &[u8]) -> Result<Vec<u8>> {
    let (redis, storage, events) = (RedisServer::start(), GcsServer::start(), PubSubEmulator::start());
    storage.make_bucket(BUCKET);
    events.make_topic(PROJECT, TOPIC, SUBSCRIPTION, 600);
    let variables = [
        ("CACHE_URL", redis.url()),
        ("BLOBS_BUCKET", BUCKET.into()),
        ("BLOBS_ENDPOINT", storage.address()),
        ("EVENTS_PROJECT", PROJECT.into()),
        ("EVENTS_TOPIC", TOPIC.into()),
        ("EVENTS_SUBSCRIPTION", SUBSCRIPTION.into()),
        ("EVENTS_ENDPOINT", events.address()),
    ];
    let variables = variables.map(|(name, value)| (format!("ASTLAS_{name}"), value));
    let folders: Vec<_> = (0..=count).map(|_| tempfile::tempdir()).collect::<Result<_, _>>()?;
    let service = Server::start(program("serve", folders[0].path()).envs(variables.clone()))?;
    let workers: Vec<Server> = folders[1..]
        .iter()
        .map(|folder| Server::start(program("worker", folder.path()).envs(variables.clone())))
        .collect::<Result<_>>()?;

    let (status, stored) = service.put("/api/v1/repos/acme/large/c1/archive", archive)?;
    ensure!(status == 201, "{stored}");
    let begun = std::time::Instant::now();
    let body = json!({"repo_id": "acme/large", "commit_sha": "c1"}).to_string();
    let (status, started) = service.post("/api/v1/jobs/index_repo", &body)?;
    ensure!(status == 202, "{started}");
    let path = format!("/api/v1/jobs/{}", started["job_id"].as_str().context("no job")?);
    let job: Value = loop {
        let (_, job) = service.get(&path)?;
        match job["state"].as_str() {
            Some("done") => break job,
            Some("queued" | "running") => thread::sleep(Duration::from_millis(200)),
            _ => bail!("{job}"),
        }
    };
    let wall = begun.elapsed().as_secs_f64();
    let seconds: Vec<String> = workers.iter().map(|worker| Ok(short(worker.cpu_seconds()?))).collect::<Result<_>>()?;
    let url = format!("{}/storage/v1/b/{BUCKET}/o/local%2Findexes%2Facme%252Flarge%2Fc1?alt=media", storage.address());
    let index = ureq::get(&url).call()?.body_mut().with_config().limit(1 << 30).read_to_vec()?;
    row(&[
        count.to_string(),
        job["batches"].to_string(),
        format!("{} s", seconds.join(" + ")),
        format!("{} s", short(wall)),
        format!("{} MB", short(index.len() as f64 / 1e6)),
    ]);
    Ok(index)
}
