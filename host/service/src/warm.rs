//! Instances that wait for the next question about the repository that they have open.
//!
//! Opening one means to read and decode megabytes; an instance that did it answers the next question at once. It only ever
//! serves one repository, one request at a time.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use astlas_engine::config::{MEMORY_LIMIT, WAITING_INSTANCES};
use astlas_limits::Name;
use wasmtime::Store;
use wasmtime_wasi_http::p3::bindings::Service;

use crate::{metrics::Sample, state::State};

/// How long an instance waits.
const PATIENCE: Duration = Duration::from_secs(300);
/// Requests that an instance serves: should it lose a little with each, that comes to an end.
const REQUESTS: u32 = 1000;
/// Most memory of an instance that waits, in bytes: memory does not shrink, and the next request needs some as well.
const LARGEST: u64 = MEMORY_LIMIT as u64 / 4;

/// A function, instantiated.
pub struct Instance {
    pub store: Store<State>,
    pub service: Service,
    /// How many requests it has served.
    pub requests: u32,
}

impl Instance {
    fn bytes(&self) -> u64 {
        self.store.data().memory.bytes()
    }
}

struct Waiting {
    /// Whose, and which.
    repository: String,
    since: Instant,
    instance: Instance,
}

impl Waiting {
    fn tenant(&self) -> &Name {
        self.instance.store.data().scope.name()
    }
}

/// The instances that wait; who waits longest is first.
pub struct Warm {
    limit: u64,
    waiting: Mutex<VecDeque<Waiting>>,
}

impl Warm {
    /// For instances with so many bytes of memory, all together.
    pub fn new(limit: u64) -> Self {
        Self { limit, waiting: Mutex::default() }
    }

    /// One that has served this repository; of several the largest, which has most of it open.
    pub fn take(&self, repository: &str) -> Option<Instance> {
        let mut waiting = self.waiting();
        let theirs = waiting.iter().enumerate().filter(|(_, other)| other.repository == repository);
        let (at, _) = theirs.max_by_key(|(_, other)| other.instance.bytes())?;
        waiting.remove(at).map(|found| found.instance)
    }

    /// Has one wait. Those go that do not fit any more, and those that nobody asked for.
    pub fn give(&self, repository: String, mut instance: Instance) {
        instance.requests += 1;
        if instance.requests >= REQUESTS || instance.bytes() > self.limit.min(LARGEST) {
            return;
        }
        let mut waiting = self.waiting();
        waiting.push_back(Waiting { repository, since: Instant::now(), instance });
        let mut gone = vec![];
        while waiting.len() > WAITING_INSTANCES as usize || bytes(&waiting) > self.limit {
            gone.extend(of_the_largest_tenant(&waiting).and_then(|at| waiting.remove(at)));
        }
        drop(waiting);
        drop(gone);
    }

    /// Lets those go that nobody asked for.
    pub fn expire(&self) {
        let mut waiting = self.waiting();
        let old = waiting.iter().take_while(|other| other.since.elapsed() > PATIENCE).count();
        let gone: Vec<Waiting> = waiting.drain(..old).collect();
        drop(waiting);
        drop(gone);
    }

    /// How many wait, and what they hold.
    pub fn sample(&self) -> Sample {
        let waiting = self.waiting();
        Sample::Warm { instances: waiting.len() as u64, bytes: bytes(&waiting) }
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn bytes(waiting: &VecDeque<Waiting>) -> u64 {
    waiting.iter().map(|other| other.instance.bytes()).sum()
}

/// Which has waited for longest of those of the tenant whose instances have most: nobody makes others' go.
fn of_the_largest_tenant(waiting: &VecDeque<Waiting>) -> Option<usize> {
    let mut tenants: BTreeMap<&Name, u64> = BTreeMap::new();
    for other in waiting {
        *tenants.entry(other.tenant()).or_default() += other.instance.bytes();
    }
    let (largest, _) = tenants.into_iter().max_by_key(|(_, bytes)| *bytes)?;
    waiting.iter().position(|other| other.tenant() == largest)
}
