//! A deployment on real servers that count what is asked of them: operations of the bucket, commands and bytes of Redis,
//! messages of Pub/Sub.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use astlas_test_servers::{FaultProxy, GcsServer, Moment, PubSubEmulator, RedisServer};
use serde_json::{Value, json};

use crate::service::{program, push::Pushes, server::Server};

const BUCKET: &str = "sources";
const PROJECT: &str = "bench";
const TOPIC: &str = "index-jobs";
const SUBSCRIPTION: &str = "index-workers";
/// How long Pub/Sub leaves a message to who took it, in seconds: what a worker was handed that ended comes again soon.
const DEADLINE: u32 = 10;
/// Gets every message, too, and is read here alone.
const OBSERVER: &str = "observer";
/// What Pub/Sub counts for a message beside what is in it, in bytes: its time.
const MESSAGE_FRAME: usize = 20;
/// Most pages that are read of anything.
const PAGES: u32 = 1000;
/// Sums up what keys take in Redis, by the word behind the tenant.
const KINDS: &str = "local kinds = {} local cursor = '0' repeat local page = redis.call('SCAN', cursor, 'COUNT', 1000) \
     cursor = page[1] for _, key in ipairs(page[2]) do local kind = key:match('/([a-z]+):') or 'other' \
     kinds[kind] = (kinds[kind] or 0) + (redis.call('MEMORY', 'USAGE', key) or 0) end until cursor == '0' \
     local all = {} for kind, bytes in pairs(kinds) do all[#all + 1] = kind .. '=' .. bytes end \
     return table.concat(all, ' ')";

/// Forgets what is not as it is in every deployment: the table of languages.
const LOSE: &str = "for _, key in ipairs(redis.call('KEYS', '*')) do \
     if not key:find('/languages:', 1, true) then redis.call('DEL', key) end end return 'lost'";
/// How often is looked whether a job is done, and for how long.
const LOOK: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(600);

/// The servers, and how processes are told of them.
pub struct Deployment {
    pub redis: RedisServer,
    storage: GcsServer,
    events: PubSubEmulator,
    operations: Arc<Operations>,
    proxy: FaultProxy,
    pushes: Pushes,
}

/// Operations of the bucket, as they are paid for.
#[derive(Default)]
struct Operations {
    /// Those that write or list.
    writes: AtomicU64,
    /// Those that read.
    reads: AtomicU64,
}

/// What was counted up to a moment, or between two.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub writes: f64,
    pub reads: f64,
    pub commands: f64,
    /// Seconds.
    pub redis_cpu: f64,
}

impl Counts {
    /// What came since then.
    pub fn since(self, before: Self) -> Self {
        Self {
            writes: self.writes - before.writes,
            reads: self.reads - before.reads,
            commands: self.commands - before.commands,
            redis_cpu: self.redis_cpu - before.redis_cpu,
        }
    }
}

impl Operations {
    fn count(&self, question: &[u8]) {
        let head = String::from_utf8_lossy(&question[..question.len().min(1024)]);
        let mut words = head.split(' ');
        let counter = match (words.next(), words.next()) {
            (Some("GET"), Some(path)) if path.contains("/o/") => &self.reads,
            (Some("GET" | "POST"), _) => &self.writes,
            // Parts of an upload that was counted when it began; what is deleted costs nothing.
            _ => return,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

impl Deployment {
    pub fn start(pushes: Pushes) -> Result<Self> {
        let (redis, storage, events) = (RedisServer::start(), GcsServer::start(), PubSubEmulator::start());
        storage.make_bucket(BUCKET);
        events.make_topic(PROJECT, TOPIC, SUBSCRIPTION, DEADLINE);
        let operations = Arc::new(Operations::default());
        let counted = operations.clone();
        let watch = move |question: &[u8], moment| {
            if moment == Moment::Asked {
                counted.count(question);
            }
            true
        };
        let proxy = FaultProxy::watched(storage.port(), Arc::new(watch));
        let deployment = Self { redis, storage, events, operations, proxy, pushes };
        let topic = format!("projects/{PROJECT}/topics/{TOPIC}");
        let body = json!({"topic": topic, "ackDeadlineSeconds": 60}).to_string();
        ureq::put(deployment.observer("")).content_type("application/json").send(body)?;
        Ok(deployment)
    }

    pub fn pushes(&self) -> &Pushes {
        &self.pushes
    }

    /// Starts the program in a role, with settings of its own.
    pub fn run(&self, role: &str, folder: &std::path::Path, settings: &[(&str, &str)]) -> Result<Server> {
        let variables = [
            ("CACHE_URL", self.redis.url()),
            ("BLOBS_BUCKET", BUCKET.into()),
            ("BLOBS_ENDPOINT", format!("http://127.0.0.1:{}", self.proxy.port())),
            ("EVENTS_PROJECT", PROJECT.into()),
            ("EVENTS_TOPIC", TOPIC.into()),
            ("EVENTS_SUBSCRIPTION", SUBSCRIPTION.into()),
            ("EVENTS_ENDPOINT", self.events.address()),
        ];
        let settings = settings.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let mut command = program(role, folder);
        command.envs(variables.into_iter().chain(settings).map(|(name, value)| (format!("ASTLAS_{name}"), value)));
        Server::start(self.pushes.tell(&mut command))
    }

    /// What was counted so far.
    pub fn counts(&self) -> Result<Counts> {
        let told = [self.redis.command("INFO stats"), self.redis.command("INFO cpu")].concat();
        let number = |name: &str| -> Result<f64> {
            let value = told.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            Ok(value.context("Redis does not count")?.trim().parse()?)
        };
        let operations = |counter: &AtomicU64| counter.load(Ordering::Relaxed) as f64;
        Ok(Counts {
            writes: operations(&self.operations.writes),
            reads: operations(&self.operations.reads),
            commands: number("total_commands_processed")?,
            redis_cpu: number("used_cpu_sys")? + number("used_cpu_user")?,
        })
    }

    /// Has Redis lose everything of repositories and jobs.
    pub fn flush(&self) {
        self.redis.command(&format!("EVAL \"{LOSE}\" 0"));
    }

    /// Waits until a job is done; what is asked of the bucket for that is not counted.
    pub fn wait_for(&self, job: &str) -> Result<()> {
        let id = job.rsplit('/').next().unwrap_or_default();
        let url = format!("{}/storage/v1/b/{BUCKET}/o?prefix=local%2Fjobs%2F{id}@", self.storage.address());
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let answer = ureq::get(&url).call()?.body_mut().read_to_string()?;
            ensure!(!answer.contains("-failed\"") && !answer.contains("-dead\""), "{job} failed");
            if answer.contains("-done\"") {
                return Ok(());
            }
            sleep(LOOK);
        }
        bail!("{job} is not done after {PATIENCE:?}")
    }

    /// Bytes that keys take in Redis, by kind.
    pub fn redis_bytes(&self) -> BTreeMap<String, f64> {
        let told = self.redis.command(&format!("EVAL \"{KINDS}\" 0"));
        let kinds = told.split_whitespace().filter_map(|word| word.split_once('='));
        kinds.filter_map(|(kind, bytes)| Some((kind.to_owned(), bytes.parse().ok()?))).collect()
    }

    /// Bytes of the bucket, by the first part of the name below the tenant.
    pub fn bucket_bytes(&self) -> Result<BTreeMap<String, f64>> {
        let (mut kinds, mut page) = (BTreeMap::new(), String::new());
        for _ in 0..PAGES {
            let url = format!("{}/storage/v1/b/{BUCKET}/o?pageToken={page}", self.storage.address());
            let answer: Value = serde_json::from_str(&ureq::get(&url).call()?.body_mut().read_to_string()?)?;
            for item in answer["items"].as_array().into_iter().flatten() {
                let kind = item["name"].as_str().and_then(|name| name.split('/').nth(1)).unwrap_or_default();
                let size: f64 = item["size"].as_str().and_then(|size| size.parse().ok()).context("no size")?;
                *kinds.entry(kind.to_owned()).or_default() += size;
            }
            match answer["nextPageToken"].as_str() {
                Some(next) if !next.is_empty() => next.clone_into(&mut page),
                _ => break,
            }
        }
        Ok(kinds)
    }

    /// Messages that were published since the last call, and their bytes as Pub/Sub counts them.
    pub fn messages(&self) -> Result<(f64, f64)> {
        let (mut messages, mut bytes) = (0.0, 0.0);
        for _ in 0..PAGES {
            let answer = self.of_observer(":pull", json!({"maxMessages": 1000, "returnImmediately": true}))?;
            let Some(received) = answer["receivedMessages"].as_array().filter(|received| !received.is_empty()) else {
                break;
            };
            for message in received.iter().map(|received| &received["message"]) {
                let attributes = message["attributes"].as_object().into_iter().flatten();
                let attributes: usize =
                    attributes.map(|(key, value)| key.len() + value.as_str().map_or(0, str::len)).sum();
                let data = message["data"].as_str().map_or(0, |data| data.len() / 4 * 3);
                let id = message["messageId"].as_str().map_or(0, str::len);
                messages += 1.0;
                bytes += (data + attributes + id + MESSAGE_FRAME) as f64;
            }
            let ids: Vec<&Value> = received.iter().map(|received| &received["ackId"]).collect();
            self.of_observer(":acknowledge", json!({"ackIds": ids}))?;
        }
        Ok((messages, bytes))
    }

    fn of_observer(&self, verb: &str, body: Value) -> Result<Value> {
        let request = ureq::post(self.observer(verb)).content_type("application/json");
        Ok(serde_json::from_str(&request.send(body.to_string())?.body_mut().read_to_string()?)?)
    }

    fn observer(&self, verb: &str) -> String {
        format!("{}/v1/projects/{PROJECT}/subscriptions/{OBSERVER}{verb}", self.events.address())
    }
}
