//! What the tests share: faults, values that can be checked, and clocks.

use std::{
    collections::BTreeMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use astlas_capabilities::{Blobs, BlobsSettings, Cache, CacheSettings, ForgeSettings};
use astlas_test_servers::{Fault, FaultProxy, Way};
use bytes::Bytes;

/// How long Redis may take in these tests, in milliseconds.
pub const TIMEOUT: u64 = 400;
/// What a busy machine may take beside the time that is measured.
pub const SLACK: Duration = Duration::from_secs(20);
/// How long it may take until everything works again. It is told how long it took; more than this it never takes, however
/// busy the machine is.
pub const BACK: Duration = Duration::from_secs(60);

/// A fault, what it is called in the table, and how often whatever stands is cut meanwhile.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    pub name: &'static str,
    pub fault: Fault,
    pub cuts: bool,
}

/// Faults in which bytes are late, few, or missing, but never others than were sent.
pub fn losing(late: Duration) -> Vec<Trial> {
    let trial = |name, fault| Trial { name, fault, cuts: false };
    let mut trials = vec![
        trial("delay", Fault::Delay(Way::ToServer, late)),
        trial("delay", Fault::Delay(Way::ToClient, late)),
        trial("delay", Fault::Delay(Way::Both, late)),
        trial("bandwidth", Fault::Slow(Way::ToServer, 20_000)),
        trial("bandwidth", Fault::Slow(Way::ToClient, 20_000)),
        Trial { name: "refuse", fault: Fault::Refuse, cuts: true },
        Trial { name: "cut", fault: Fault::Pass, cuts: true },
        trial("half-open, silent", Fault::Silent),
        trial("half-open, stalled", Fault::Stalled),
    ];
    for bytes in [0, 1, 17, 100, 300, 1_000, 5_000] {
        trials.push(trial("cut after n bytes", Fault::CutAfter(Way::ToServer, bytes)));
        trials.push(trial("cut after n bytes", Fault::CutAfter(Way::ToClient, bytes)));
    }
    trials
}

/// Cuts whatever stands, until it is stopped.
pub async fn cut_again_and_again(proxy: &FaultProxy) {
    loop {
        proxy.cut();
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}

/// Does something under a fault, which is over then.
pub async fn under<T>(proxy: &FaultProxy, trial: Trial, work: impl Future<Output = T>) -> T {
    proxy.set(trial.fault);
    let done = match trial.cuts {
        true => tokio::select! {
            done = work => done,
            () = cut_again_and_again(proxy) => unreachable!("it has no end"),
        },
        false => work.await,
    };
    proxy.set(Fault::Pass);
    done
}

/// What a call gives, and that it did not take longer than it may.
pub async fn within<T>(what: &str, bound: Duration, call: impl Future<Output = T>) -> T {
    let begun = Instant::now();
    let done = tokio::time::timeout(bound + SLACK, call).await;
    done.unwrap_or_else(|_| panic!("{what} took longer than {bound:?}: {:?}", begun.elapsed()))
}

/// Whether descriptors and tasks are as before, but for a few that come and go. What each fault left behind would be at
/// least twice as many.
pub fn is_as(after: (usize, usize), before: (usize, usize)) -> bool {
    const COME_AND_GO: usize = 6;
    after.0 <= before.0 + COME_AND_GO && after.1 <= before.1 + COME_AND_GO
}

/// A value that says under which name it was put, and is like no other of its length.
pub fn value(name: &str, length: usize) -> Bytes {
    let mut state = name.bytes().fold(7_u64, |state, byte| state.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut value = name.as_bytes().to_vec();
    value.push(0);
    while value.len() < length {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Half of it can be compressed.
        value.extend([(state >> 56) as u8, b'a']);
    }
    value.truncate(length);
    value.into()
}

/// A cache over the Redis at a port.
pub async fn cache(port: u16) -> Cache {
    cache_within(port, TIMEOUT).await
}

/// The same with another time that Redis may take.
pub async fn cache_within(port: u16, timeout: u64) -> Cache {
    let url = Some(format!("redis://127.0.0.1:{port}"));
    let settings = CacheSettings { url, timeout, ..CacheSettings::default() };
    // Not opened: there is a Redis.
    Cache::open(&settings, astlas_cache::Settings::new("/nowhere")).await.unwrap()
}

/// A bucket at a port, below a prefix of its own.
pub fn bucket(port: u16, prefix: &str) -> Blobs {
    let settings = BlobsSettings {
        bucket: Some("astlas-test".into()),
        // As STORAGE_EMULATOR_HOST has it.
        endpoint: Some(format!("127.0.0.1:{port}")),
        prefix: format!("{prefix}/"),
        ..BlobsSettings::default()
    };
    Blobs::open(&settings, &ForgeSettings::default(), "/nowhere".into()).unwrap()
}

/// How calls of one kind of fault ended.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Faults of this kind.
    pub faults: u32,
    /// Calls, or values that were asked for.
    pub asked: u32,
    /// Of these: what was right, what was absent, what was said to be unavailable. What is none of these is of another
    /// kind than an answer; what is wrong stops the test.
    pub right: u32,
    pub absent: u32,
    pub unavailable: u32,
    /// How long it took at most until everything worked again.
    pub back: Duration,
}

/// Counts by what is tried.
#[derive(Default)]
pub struct Tally(Mutex<BTreeMap<&'static str, Counts>>);

impl Tally {
    /// Counts one more thing.
    pub fn count(&self, name: &'static str, count: impl FnOnce(&mut Counts)) {
        count(self.0.lock().unwrap().entry(name).or_default());
    }

    /// Another fault, and how long it took until it was over.
    pub fn back(&self, name: &'static str, back: Duration) {
        self.count(name, |counts| (counts.faults, counts.back) = (counts.faults + 1, counts.back.max(back)));
    }

    /// A line for each.
    pub fn tell(&self, server: &str) {
        for (name, Counts { faults, asked, right, absent, unavailable, back }) in self.0.lock().unwrap().iter() {
            println!(
                "tried: {server}, {name}: {faults} faults, {asked} asked, {right} right, {absent} absent, \
                 {unavailable} unavailable, 0 wrong; back after {back:.2?}"
            );
        }
    }
}
