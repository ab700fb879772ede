//! Tenants beside each other in one host, with names that want to be each other's. What their components import is
//! called itself, so that what is tried is what puts the tenant in front; a model for each tenant, which knows what that
//! tenant did and nothing else, says what it has to find.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test relies on may stop it")]

mod blobs;
mod cache;
mod events;
mod request;
mod tally;
mod tenant;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use astlas_capabilities::{BlobsSettings, CacheSettings, EventsSettings, ForgeSettings};
use astlas_engine::{Artifact, Artifacts, Runtime, config};
use astlas_test_servers::{GcsServer, PubSubEmulator, RedisServer};
use wasmtime::Engine;

use crate::{
    Configuration, Shared,
    scope::names::{SECRETS, TENANTS},
};
use tally::Tally;
use tenant::Tenant;

/// Requests of one tenant at once.
const REQUESTS: usize = 2;
/// After so many operations of each tenant, one request of each ends.
const PERIOD: u32 = 100;
/// Uploads that all have heard of.
const KNOWN: usize = 50;
/// What is kept under names that are no tenant's.
const SECRET: &str = "a secret";

/// How often each capability is asked.
#[derive(Clone, Copy)]
pub struct Mix {
    pub cache: u32,
    pub blobs: u32,
    pub events: u32,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tenants_are_apart_in_a_file_a_folder_and_a_queue() {
    let mix = Mix { cache: 10, blobs: 10, events: 1 };
    let tally = Scene::open(Configuration::default(), mix, 11).await.play(70_000, || {}).await;
    assert!(tally.tried() >= 70_000 && tally.seldom().is_empty(), "{:?} tell nothing: {tally}", tally.seldom());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tenants_are_apart_in_redis_a_bucket_and_pubsub() {
    astlas_capabilities::install_crypto();
    let (redis, gcs, pubsub) = (RedisServer::start(), GcsServer::start(), PubSubEmulator::start());
    gcs.make_bucket("tenants");
    pubsub.make_topic("astlas-test", "tenants", "tenants-of-all", 60);
    let configuration = Configuration {
        // Longer than the machine is busy with something else.
        cache: CacheSettings { url: Some(redis.url()), timeout: 20_000, ..CacheSettings::default() },
        blobs: BlobsSettings {
            bucket: Some("tenants".into()),
            endpoint: Some(gcs.address()),
            ..BlobsSettings::default()
        },
        events: EventsSettings {
            project: Some("astlas-test".into()),
            topic: Some("tenants".into()),
            subscription: Some("tenants-of-all".into()),
            endpoint: Some(pubsub.address()),
        },
        ..Configuration::default()
    };
    let mix = Mix { cache: 100, blobs: 10, events: 1 };
    let is_apart = || {
        let strays = redis.command(&format!("EVAL \"{STRAYS}\" 0"));
        assert_eq!(strays.lines().nth(1), Some("none"), "{strays}");
    };
    let tally = Scene::open(configuration, mix, 13).await.play(33_000, is_apart).await;
    assert!(tally.tried() >= 33_000 && tally.seldom().is_empty(), "{:?} tell nothing: {tally}", tally.seldom());
}

/// Looks in Redis for a key that is no tenant's and no secret.
const STRAYS: &str = "for _, key in ipairs(redis.call('KEYS', '*')) do \
                      local name = key:gsub('^astlas:', ''):gsub('^%l+>', '') \
                      local owner = name:match('^([^/]*)/') or name:match('^usage:{(.*)}$') \
                      if key:sub(1, 7) ~= 'astlas:' or not ({a=1, ab=1, ['a-b']=1, _identity=1, _nobody=1})[owner] \
                      then return key end end return 'none'";

/// One host, and its tenants.
struct Scene {
    engine: Engine,
    shared: Arc<Shared>,
    events: EventsSettings,
    tenants: [Tenant; 3],
    folder: tempfile::TempDir,
}

impl Scene {
    async fn open(configuration: Configuration, mix: Mix, seed: u64) -> Self {
        // In memory, where there is a place there: nothing is to outlive the test, and disks are slow.
        let memory = Some(PathBuf::from("/dev/shm")).filter(|memory| memory.is_dir());
        let folder = tempfile::tempdir_in(memory.unwrap_or_else(std::env::temp_dir)).unwrap();
        std::fs::write(folder.path().join("outside"), SECRET).unwrap();
        // Nobody answers there: archives are to be refused before anybody is asked.
        let (api, secret) = ("http://127.0.0.1:9".into(), Some(events::SECRET.into()));
        let forge = ForgeSettings { api, secret, ..ForgeSettings::default() };
        let configuration = Configuration { forge, ..configuration };
        let events = configuration.events.clone();
        let cache = astlas_cache::Settings::new(folder.path().join("inside"));
        let shared = Arc::new(Shared::open(configuration, cache, no_stages()).await.unwrap());
        for secret in SECRETS {
            let capabilities = &shared.capabilities;
            capabilities.cache.put(vec![(secret.into(), SECRET.into())]).await;
            assert_eq!(capabilities.cache.add_member(secret, SECRET).await, 1);
            assert!(capabilities.cache.claim(secret, Duration::from_secs(3600)).await);
            capabilities.blobs.write(secret, SECRET.into()).await.unwrap();
        }
        let engine = config::function_engine().unwrap();
        let mut seeds = seed..;
        let tenants = TENANTS.map(|name| Tenant::new(name, seeds.next().unwrap(), mix, &engine, &shared));
        Self { engine, shared, events, tenants, folder }
    }

    /// Has the tenants do so many operations side by side, and looks at what that led to: at all there is, and with
    /// `is_apart` at more of it.
    async fn play(mut self, operations: u32, is_apart: impl FnOnce()) -> Tally {
        let mut uploads = vec![];
        for round in 1..=operations.div_ceil(3) {
            let [one, two, three] = &mut self.tenants;
            tokio::join!(one.step(&uploads), two.step(&uploads), three.step(&uploads));
            uploads.extend(self.tenants.iter_mut().flat_map(|tenant| tenant.blobs.begun.drain(..)));
            uploads.drain(..uploads.len().saturating_sub(KNOWN));
            if round % PERIOD == 0 {
                for tenant in &mut self.tenants {
                    let is_given_back = async || given_back(&self.shared).await;
                    tenant.end(&self.engine, &self.shared, is_given_back).await;
                }
            }
        }
        self.check().await;
        is_apart();
        let mut tally = Tally::default();
        self.tenants.iter().for_each(|tenant| tally.add_all(&tenant.tally));
        println!("tried: {tally}");
        tally
    }

    async fn check(&self) {
        let Self { shared, tenants, .. } = self;
        let (mut known, mut messages) = (BTreeMap::new(), events::Messages::new());
        for tenant in tenants {
            tenant.check(shared).await;
            let values = tenant.blobs.values.iter();
            known.extend(values.map(|(name, value)| (tenant.scope.full(name), value.clone())));
            let own = tenant.scope.tenant();
            messages.extend(tenant.events.published.iter().map(|message| (own.into(), message.clone())));
        }
        let capabilities = &shared.capabilities;
        for secret in SECRETS {
            assert_eq!(capabilities.cache.get(&[secret.into()]).await, [Some(SECRET.into())]);
            assert_eq!(capabilities.cache.count_members(secret).await, 1);
            assert!(!capabilities.cache.claim(secret, Duration::from_secs(1)).await);
            known.insert(secret.into(), SECRET.into());
        }
        let (mut all, mut after) = (BTreeMap::new(), String::new());
        loop {
            let page = capabilities.blobs.list("", &after).await.unwrap();
            let Some(last) = page.last() else { break };
            after.clone_from(&last.name);
            for blob in page {
                let value = capabilities.blobs.read(&blob.name, 0, u64::MAX).await.unwrap().unwrap();
                all.insert(blob.name, value.to_vec());
            }
        }
        assert_eq!(all, known);
        assert_eq!(events::delivered(shared, &self.events, messages.len()).await, messages);
        let beside = std::fs::read_dir(&self.folder).unwrap().map(|entry| entry.unwrap().file_name());
        assert!(beside.into_iter().all(|name| name == "inside" || name == "outside"));
        assert_eq!(std::fs::read(self.folder.path().join("outside")).unwrap(), SECRET.as_bytes());
    }
}

/// Waits until ended requests gave back what they held: what does that has the host as well.
async fn given_back(shared: &Arc<Shared>) {
    let begun = Instant::now();
    // Each state has it twice.
    while Arc::strong_count(shared) > 1 + 2 * REQUESTS * TENANTS.len() {
        assert!(begun.elapsed() < Duration::from_secs(60), "something is never given back");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Stages that nobody calls.
fn no_stages() -> Runtime {
    let none = |name| Artifact { name, digest: "", component: &[], compiled: &[] };
    let [parser, graph, ranker, repomap, symbols] = ["parser", "graph", "ranker", "repomap", "symbols"].map(none);
    Runtime::new(Artifacts { parser, graph, ranker, repomap, symbols }, None, 1).unwrap()
}
