//! Blobs in a bucket behind the proxy.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use astlas_atlas::ports::Unavailable;
use astlas_capabilities::Blobs;
use astlas_test_servers::{Fault, FaultProxy, GcsServer, Way, until};
use bytes::Bytes;
use futures_util::future::join_all;

use crate::scene::{BACK, Tally, Trial, bucket, losing, under, value, within};

/// Four tries that are silent for ten seconds each, and the pauses between them.
pub const SILENT: Duration = Duration::from_secs(42);
/// Length of a small value, and of the parts of an upload.
const SMALL: usize = 700;
const STEP: usize = 256 << 10;
/// Seeds of damage, on each way.
const SEEDS: u64 = 64;

/// Counts how a call ended: what it gave.
fn add<T>(tally: &Tally, name: &'static str, outcome: Result<T, Unavailable>) -> Option<T> {
    tally.count(name, |counts| {
        counts.asked += 1;
        *if outcome.is_ok() { &mut counts.right } else { &mut counts.unavailable } += 1;
    });
    outcome.ok()
}

/// What is there under a name, which is the whole value or nothing.
async fn is_there(blobs: &Blobs, name: &str, length: usize) -> bool {
    let found = blobs.read(name, 0, u64::MAX).await.unwrap();
    assert!(found.as_ref().is_none_or(|found| *found == value(name, length)), "a wrong value of {name}");
    found.is_some()
}

/// Uploads a value in steps.
async fn upload(blobs: &Blobs, name: &str, length: usize) -> Result<(), Unavailable> {
    let whole = value(name, length);
    let upload = blobs.begin(name).await?;
    for at in (0..whole.len()).step_by(STEP) {
        let part = whole.slice(at..whole.len().min(at + STEP));
        if let Err(error) = blobs.append(&upload, at as u64, part).await {
            blobs.abandon(&upload).await;
            return Err(error);
        }
    }
    let finished = blobs.finish(&upload, whole.len() as u64).await;
    if finished.is_err() {
        blobs.abandon(&upload).await;
    }
    finished
}

/// A bucket with two values below a prefix.
async fn filled(server: &GcsServer, prefix: &str) -> Blobs {
    let direct = bucket(server.port(), prefix);
    for (name, length) in [("kept", SMALL), ("kept/large", STEP), ("delete", SMALL)] {
        direct.write(name, value(name, length)).await.unwrap();
    }
    direct
}

/// All calls under one fault, then what became of them.
async fn try_out(server: &GcsServer, tally: &Tally, number: usize, trial: Trial) {
    let (prefix, proxy) = (format!("trial-{number}"), FaultProxy::before(server.port()));
    let direct = filled(server, &prefix).await;
    let blobs = bucket(proxy.port(), &prefix);
    let whole = Way::ToServer;
    // fake-gcs-server appends what is sent twice, which Google's own does not; so a value of several parts is tried
    // where no answer is lost.
    let answers = match trial.fault {
        Fault::Delay(..) | Fault::Slow(..) => true,
        Fault::CutAfter(way, _) => way == whole,
        _ => false,
    };
    let parts = if answers { STEP + SMALL } else { SMALL };
    let gone = ["delete".to_string()];
    let calls = async {
        tokio::join!(
            within("read", SILENT, blobs.read("kept", 0, u64::MAX)),
            within("read of a part", SILENT, blobs.read("kept/large", 1000, 5000)),
            within("read of nothing", SILENT, blobs.read("none", 0, 9)),
            within("write", SILENT, blobs.write("written", value("written", SMALL))),
            within("upload", SILENT * 4, upload(&blobs, "uploaded", parts)),
            within("list", SILENT, blobs.list("kept", "")),
            within("delete", SILENT, blobs.delete(&gone)),
            within("check", Duration::from_secs(10), blobs.check()),
        )
    };
    let (read, part, none, written, uploaded, listed, removed, checked) = under(&proxy, trial, calls).await;
    if let Some(found) = add(tally, trial.name, read) {
        assert_eq!(found, Some(value("kept", SMALL)));
    }
    if let Some(found) = add(tally, trial.name, part) {
        assert_eq!(found, Some(value("kept/large", STEP).slice(1000..6000)));
    }
    if let Some(found) = add(tally, trial.name, none) {
        assert_eq!(found, None);
    }
    if let Some(listed) = add(tally, trial.name, listed) {
        let listed: BTreeMap<_, _> = listed.into_iter().map(|blob| (blob.name, blob.size)).collect();
        assert_eq!(listed, [("kept".into(), SMALL as u64), ("kept/large".into(), STEP as u64)].into());
    }
    let _ = add(tally, trial.name, checked.state.map_err(Unavailable));
    let took = until("back", BACK, async || blobs.read("kept", 0, u64::MAX).await.is_ok()).await;
    assert!(is_there(&blobs, "kept", SMALL).await);
    // What was said to be done is; what was not is not, or as a whole.
    for (name, length, outcome) in [("written", SMALL, written), ("uploaded", parts, uploaded)] {
        let is_done = add(tally, trial.name, outcome).is_some();
        assert!(is_there(&direct, name, length).await || !is_done, "{name} is lost");
    }
    let is_removed = add(tally, trial.name, removed).is_some();
    assert!(!(is_removed && is_there(&direct, "delete", SMALL).await), "it was not removed");
    blobs.write("after", value("after", SMALL)).await.unwrap();
    assert!(is_there(&direct, "after", SMALL).await);
    tally.back(trial.name, took);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_late_cut_or_lost_is_whole_or_unavailable() {
    let server = GcsServer::start();
    server.make_bucket("astlas-test");
    let (trials, tally) = (losing(Duration::from_millis(200)).into_iter().enumerate(), Tally::default());
    let trials = trials.map(|(number, trial)| try_out(&server, &tally, number, trial));
    tokio::join!(join_all(trials), a_value_that_takes_long_to_go_out_is_kept(&server));
    tally.tell("storage");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_altered_byte_never_makes_a_blob() {
    let server = GcsServer::start();
    server.make_bucket("astlas-test");
    let (tally, changed) = (Tally::default(), AtomicU64::new(0));
    let tried = (0..SEEDS).map(|seed| {
        let (server, tally, changed) = (&server, &tally, &changed);
        async move {
            for (way, name) in [(Way::ToServer, "altered on the way in"), (Way::ToClient, "altered on the way back")] {
                let prefix = format!("seed-{seed:03}-{way:?}");
                let direct = filled(server, &prefix).await;
                let proxy = FaultProxy::before(server.port());
                let blobs = bucket(proxy.port(), &prefix);
                // At most one in a request or an answer: where two are altered, they may hide each other.
                let fault = Fault::Corrupt { way, every: 2500, seed };
                let trial = Trial { name, fault, cuts: false };
                let outcomes = under(&proxy, trial, ask_whole(&blobs, tally, name)).await;
                changed.fetch_add(proxy.counts().corrupted, Ordering::Relaxed);
                tally.back(name, until("back", BACK, async || is_back(&blobs).await).await);
                for (name, is_done) in outcomes {
                    assert!(is_there(&direct, &name, SMALL).await || !is_done, "{name} is lost");
                }
            }
        }
    });
    join_all(tried).await;
    tally.tell("storage");
    let changed = changed.load(Ordering::Relaxed);
    println!("tried: storage, altered: {changed} bytes");
    assert!(changed >= 100, "{changed}");
}

/// Reads and writes whole values: what was written, and whether it was said to be.
async fn ask_whole(blobs: &Blobs, tally: &Tally, fault: &'static str) -> Vec<(String, bool)> {
    let mut outcomes = vec![];
    for round in 0..4 {
        match within("read", SILENT, blobs.read("kept", 0, u64::MAX)).await {
            // It was asked for under another name.
            Ok(None) => {
                tally.count(fault, |counts| (counts.asked, counts.absent) = (counts.asked + 1, counts.absent + 1))
            }
            read => {
                let found = add(tally, fault, read).flatten();
                assert!(found.as_ref().is_none_or(|found| *found == value("kept", SMALL)), "wrong: {found:?}");
            }
        }
        let name = format!("written{round}{round}");
        let written = within("write", SILENT, blobs.write(&name, value(&name, SMALL))).await;
        outcomes.push((name, add(tally, fault, written).is_some()));
        let name = format!("uploaded{round}{round}");
        let uploaded = within("upload", SILENT * 3, upload(blobs, &name, SMALL)).await;
        outcomes.push((name, add(tally, fault, uploaded).is_some()));
    }
    outcomes
}

async fn is_back(blobs: &Blobs) -> bool {
    blobs.read("kept", 0, u64::MAX).await.is_ok_and(|found| found == Some(value("kept", SMALL)))
}

async fn a_value_that_takes_long_to_go_out_is_kept(server: &GcsServer) {
    let proxy = FaultProxy::before(server.port());
    let blobs = bucket(proxy.port(), "slow");
    // Twelve seconds: longer than anybody may be silent.
    let (name, length) = ("slow", 6 << 20);
    proxy.set(Fault::Slow(Way::ToServer, 512 << 10));
    blobs.write(name, value(name, length)).await.unwrap();
    assert_eq!(blobs.read(name, 0, u64::MAX).await.unwrap().map(|found: Bytes| found.len()), Some(length));
    println!("tried: storage, bandwidth: one value of {length} bytes in more than ten seconds, whole");
}
