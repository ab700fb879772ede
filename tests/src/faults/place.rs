//! Where processes run: their servers, a clock, and a repository to serve.

use std::{
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use astlas_test_servers::{Clock, FaultProxy, GcsServer, Process, PubSubEmulator, RedisServer};
use serde_json::Value;

use super::{
    gate::{Gate, Server},
    program::Program,
};
use crate::Sandbox;

const PROJECT: &str = "acme";
/// How long Pub/Sub leaves a message to who took it, in seconds: the least that it offers. A worker prolongs that itself.
const DEADLINE: u32 = 10;
/// Variables of the machine that would say something to the program.
const FOREIGN: [&str; 3] = ["PORT", "GOOGLE_CLOUD_PROJECT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

/// Servers that take long to start, for any number of scenes.
pub struct Place {
    /// Cloud Storage.
    pub storage: GcsServer,
    /// Pub/Sub.
    pub events: PubSubEmulator,
    /// The folder of compiled code that all processes share.
    folder: Sandbox,
    scenes: AtomicUsize,
}

/// One deployment, which shares no Redis, bucket or subscription with another one.
pub struct Scene<'a> {
    /// The servers that it shares.
    pub place: &'a Place,
    name: String,
    /// Its own.
    pub redis: RedisServer,
    /// What the processes take for the time.
    pub clock: Clock,
    passed: AtomicI64,
}

/// The ports of servers, or of what stands before them.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    /// Of Redis.
    pub cache: u16,
    /// Of Cloud Storage.
    pub storage: u16,
    /// Of Pub/Sub.
    pub events: u16,
}

/// A process, and the gates that it goes through.
pub struct Watched {
    /// The process.
    pub program: Program,
    _proxies: [FaultProxy; 3],
}

/// What the tests of one program have in common, for as long as one of them has it.
static SHARED: Mutex<Weak<Place>> = Mutex::new(Weak::new());

impl Place {
    /// The one that others have, too, or a new one.
    pub fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let place = Arc::new(Self::start());
            *shared = Arc::downgrade(&place);
            place
        })
    }

    /// Starts the servers.
    pub fn start() -> Self {
        let (storage, events) = (GcsServer::start(), PubSubEmulator::start());
        Self { storage, events, folder: Sandbox::with(&[]), scenes: AtomicUsize::new(0) }
    }

    /// A deployment.
    pub fn scene(&self) -> Scene<'_> {
        let name = format!("scene-{}", self.scenes.fetch_add(1, Ordering::SeqCst));
        self.storage.make_bucket(&name);
        self.events.make_topic(PROJECT, &name, &format!("{name}-workers"), DEADLINE);
        Scene { place: self, name, redis: RedisServer::start(), clock: Clock::new(), passed: AtomicI64::new(0) }
    }
}

impl Scene<'_> {
    /// Where its servers are.
    pub fn ports(&self) -> Ports {
        Ports { cache: self.redis.port(), storage: self.place.storage.port(), events: self.place.events.port() }
    }

    /// Has time pass for everybody but Pub/Sub, which hands out again by itself what nobody has done.
    pub fn let_pass(&self, time: Duration) {
        let seconds = i64::try_from(time.as_secs()).unwrap();
        self.redis.let_pass(time);
        self.clock.set(self.passed.fetch_add(seconds, Ordering::SeqCst) + seconds);
    }

    /// One of its servers as a process.
    pub fn server(&self, server: Server) -> &Process {
        match server {
            Server::Cache => &self.redis,
            Server::Storage => &self.place.storage,
            Server::Events => &self.place.events,
        }
    }

    /// Starts a process in a role: `serve` or `worker`.
    pub fn program(&self, role: &str) -> Program {
        self.program_at(role, self.ports(), &[])
    }

    /// The same over other ports, with further variables.
    pub fn program_at(&self, role: &str, ports: Ports, variables: &[(&str, &str)]) -> Program {
        Program::start(self.command(role, ports, variables), |_| ())
    }

    /// The same behind a gate. It may have ended before it listens.
    pub fn watched(&self, role: &str, gate: &Arc<Gate>) -> Watched {
        let Ports { cache, storage, events } = self.ports();
        let servers = [(Server::Cache, cache), (Server::Storage, storage), (Server::Events, events)];
        let proxies = servers.map(|(server, port)| gate.before(server, port));
        let [cache, storage, events] = proxies.each_ref().map(FaultProxy::port);
        let command = self.command(role, Ports { cache, storage, events }, &[]);
        let program = Program::start(command, |pid| gate.is_for(pid));
        gate.begin();
        Watched { program, _proxies: proxies }
    }

    fn command(&self, role: &str, ports: Ports, variables: &[(&str, &str)]) -> std::process::Command {
        let at = |port| format!("http://127.0.0.1:{port}");
        let mut command = self.place.folder.command();
        for name in FOREIGN {
            command.env_remove(name);
        }
        command.args([role, "--listen", "127.0.0.1:0"]);
        command.env("ASTLAS_CACHE_URL", format!("redis://127.0.0.1:{}", ports.cache));
        command.env("ASTLAS_BLOBS_BUCKET", &self.name).env("ASTLAS_BLOBS_ENDPOINT", at(ports.storage));
        command.env("ASTLAS_EVENTS_PROJECT", PROJECT).env("ASTLAS_EVENTS_TOPIC", &self.name);
        command.env("ASTLAS_EVENTS_SUBSCRIPTION", format!("{}-workers", self.name));
        command.env("ASTLAS_EVENTS_ENDPOINT", at(ports.events));
        command.envs(self.clock.variables()).envs(variables.iter().copied());
        command
    }

    /// The names of all that is in its bucket.
    pub fn blobs(&self) -> Vec<String> {
        let url = format!("{}/storage/v1/b/{}/o", self.place.storage.address(), self.name);
        let listed = ureq::get(&url).call().unwrap().body_mut().read_to_string().unwrap();
        let listed: Value = serde_json::from_str(&listed).unwrap();
        let items = listed["items"].as_array().into_iter().flatten();
        items.filter_map(|item| Some(item["name"].as_str()?.to_owned())).collect()
    }
}

/// A repository of so many files that use each other, packed as a forge does; `of` tells one version from another.
pub fn repository(files: usize, of: usize) -> Vec<u8> {
    let file = |number: usize| {
        let used = number / 3;
        let text = format!(
            "from app.part{used} import run{used}\n\n\ndef run{number}(text):\n    return run{used}(text)\n\n\n\
             def only{of}_{number}(text):\n    return run{number}(text)\n"
        );
        (format!("acme-app-0f/app/part{number}.py"), text)
    };
    let files: Vec<_> = (0..files).map(file).collect();
    crate::archives::zip(&files.iter().map(|(path, text)| (path.as_str(), text.as_bytes())).collect::<Vec<_>>())
}
