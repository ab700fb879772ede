//! Events over Pub/Sub behind the proxy.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use astlas_capabilities::{Events, EventsSettings, ForgeSettings, pull};
use astlas_test_servers::{Fault, FaultProxy, PubSubEmulator, Way, until};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use futures_util::{StreamExt, future::join_all, stream};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::{
    alone,
    scene::{Trial, is_as, losing, under, value, within},
    storage::SILENT,
};

/// Messages that are published one by one, and in one call.
const SINGLE: usize = 3;
const BATCH: usize = 20;
const LENGTH: usize = 300;
/// Seconds after which a message that was not acknowledged comes again: as few as Pub/Sub allows.
const DEADLINE: u32 = 10;
/// How long it may take until all messages have come: the pause of a worker that heard nothing, and two deadlines, 45 seconds
/// in all; on a busy machine, more.
const BACK: Duration = Duration::from_secs(180);
/// Seeds of damage, on each way.
const SEEDS: u64 = 8;
/// Faults at once: each has a worker, whose question holds a thread of the emulator's.
const SIDE_BY_SIDE: usize = 12;

/// How often each message came; what is none of ours is wrong.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<BTreeMap<String, u32>>>, Arc<AtomicU32>);

impl Seen {
    fn note(&self, body: &Bytes) {
        let data = || {
            let body: serde_json::Value = serde_json::from_slice(body).ok()?;
            STANDARD.decode(body["message"]["data"].as_str()?).ok()
        };
        let data = data().unwrap_or_default();
        let name =
            data.split(|byte| *byte == 0).next().and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default();
        if data == value(name, LENGTH) {
            *self.0.lock().unwrap().entry(name.into()).or_default() += 1;
        } else {
            self.1.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn has(&self, names: &[String]) -> bool {
        let seen = self.0.lock().unwrap();
        names.iter().all(|name| seen.contains_key(name))
    }

    /// Messages, how often they came beyond once, and how many came that nobody had published.
    fn counts(&self) -> (usize, u32, u32) {
        let seen = self.0.lock().unwrap();
        (seen.len(), seen.values().map(|times| times - 1).sum(), self.1.load(Ordering::Relaxed))
    }
}

fn settings(port: u16, name: &str) -> EventsSettings {
    EventsSettings {
        project: Some("astlas-test".into()),
        topic: Some(format!("topic-{name}")),
        subscription: Some(format!("subscription-{name}")),
        // As PUBSUB_EMULATOR_HOST has it.
        endpoint: Some(format!("127.0.0.1:{port}")),
    }
}

fn open(settings: &EventsSettings) -> Events {
    Events::open(settings, &ForgeSettings::default()).unwrap()
}

/// A worker that notes what it is handed.
fn work(settings: &EventsSettings, seen: &Seen) -> (oneshot::Sender<()>, JoinHandle<()>) {
    let (stop, stopped) = oneshot::channel();
    let (pulling, seen) = (pull(settings).unwrap(), seen.clone());
    let note = move |body: Bytes| {
        let seen = seen.clone();
        async move {
            seen.note(&body);
            Ok(())
        }
    };
    let worker = tokio::spawn(async move { pulling.run(8, note, async { drop(stopped.await) }).await });
    (stop, worker)
}

/// Publishes messages one by one and many at once: the names of those of which it was said that they were taken.
async fn publish(events: &Events, name: &str) -> (Vec<String>, usize) {
    let calls = (0..SINGLE).map(|number| vec![format!("{name}/{number}")]);
    let calls: Vec<_> = calls.chain([(0..BATCH).map(|number| format!("{name}/of-many/{number}")).collect()]).collect();
    let count = calls.len();
    let publish = |names: Vec<String>| async move {
        let messages = names.iter().map(|name| value(name, LENGTH).to_vec()).collect();
        within("publish", SILENT, events.publish("acme", messages)).await.map(|()| names)
    };
    let published = join_all(calls.into_iter().map(publish)).await;
    (published.into_iter().flatten().flatten().collect(), count)
}

/// Publishes and works under one fault. What was said to be taken comes, once the fault is over.
async fn try_out(server: &PubSubEmulator, name: String, trial: Trial) -> (&'static str, Tally) {
    server.make_topic("astlas-test", &format!("topic-{name}"), &format!("subscription-{name}"), DEADLINE);
    let (proxy, seen) = (FaultProxy::before(server.port()), Seen::default());
    let settings = settings(proxy.port(), &name);
    let events = open(&settings);
    let (before, _) = publish(&events, &format!("{name}/before")).await;
    assert_eq!(before.len(), SINGLE + BATCH);
    let (stop, worker) = work(&settings, &seen);
    let meanwhile = format!("{name}/meanwhile");
    let calls = async {
        tokio::join!(
            publish(&events, &meanwhile),
            within("check", Duration::from_secs(10), events.check()),
            // A worker is at it for some time in any case.
            tokio::time::sleep(Duration::from_secs(3)),
        )
    };
    let ((taken, calls), ..) = under(&proxy, trial, calls).await;
    // What was altered before it was kept does not add up, and is never handed out; and a question whose length was
    // altered is waited for as long as a pull may take, which is longer than we do.
    let is_whole = !matches!(trial.fault, Fault::Corrupt { way: Way::ToServer, .. });
    let awaited: Vec<_> = taken.iter().chain(&before).filter(|_| is_whole).cloned().collect();
    let back = until(&format!("{name}: messages under {trial:?}"), BACK, async || seen.has(&awaited)).await;
    until("publishing", BACK, async || !publish(&events, &format!("{name}/after")).await.0.is_empty()).await;
    drop(stop);
    within("stop", SILENT, worker).await.unwrap();
    let (came, again, wrong) = seen.counts();
    assert_eq!(wrong, 0, "{trial:?}");
    let faults = 1;
    (trial.name, Tally { faults, calls, taken: taken.len(), came, again, back })
}

/// What came of some faults.
#[derive(Default)]
struct Tally {
    faults: usize,
    calls: usize,
    taken: usize,
    came: usize,
    again: u32,
    back: Duration,
}

#[test]
fn what_is_taken_comes_whole_and_nothing_is_left_of_faults() {
    const NAME: &str = "pubsub::what_is_taken_comes_whole_and_nothing_is_left_of_faults";
    if alone::folder().is_none() {
        return alone::run(NAME, Path::new("/"));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let server = PubSubEmulator::start();
        let has = || {
            let descriptors = fs::read_dir("/proc/self/fd").unwrap().count();
            (descriptors, tokio::runtime::Handle::current().metrics().num_alive_tasks())
        };
        // What is made once is made.
        try_out(&server, "first".into(), Trial { name: "none", fault: Fault::Pass, cuts: false }).await;
        let before = has();
        let losing = losing(Duration::from_millis(200)).into_iter().enumerate();
        let losing = losing.map(|(number, trial)| (format!("losing-{number}"), trial));
        let corrupt = (0..SEEDS).flat_map(|seed| {
            [Way::ToServer, Way::ToClient].map(|way| {
                let fault = Fault::Corrupt { way, every: 3000, seed };
                (format!("corrupt-{seed}-{way:?}"), Trial { name: "corrupt", fault, cuts: false })
            })
        });
        let mut trials: Vec<_> = losing.chain(corrupt).collect();
        // Those first that take longest.
        trials.sort_by_key(|(_, trial)| !trial.name.starts_with("half-open"));
        let count = trials.len();
        let tried = trials.into_iter().map(|(name, trial)| try_out(&server, name, trial));
        let mut tried = stream::iter(tried).buffer_unordered(SIDE_BY_SIDE);
        let mut tallies = BTreeMap::<_, Tally>::new();
        while let Some((name, one)) = tried.next().await {
            let all = tallies.entry(name).or_default();
            (all.faults, all.calls, all.taken) =
                (all.faults + one.faults, all.calls + one.calls, all.taken + one.taken);
            (all.came, all.again, all.back) = (all.came + one.came, all.again + one.again, all.back.max(one.back));
        }
        for (name, Tally { faults, calls, taken, came, again, back }) in tallies {
            println!(
                "tried: pubsub, {name}: {faults} faults, {calls} calls, {taken} messages taken meanwhile, 0 lost, \
                 0 wrong; {came} came in all, again {again} times; back after {back:.1?}"
            );
        }
        let mut after = has();
        let is_same = async || {
            after = has();
            is_as(after, before)
        };
        let same = tokio::time::timeout(BACK, until("as before", BACK * 2, is_same)).await;
        println!("tried: leaks: pubsub, {count} faults; (descriptors, tasks) {before:?} then {after:?}");
        assert!(same.is_ok(), "descriptors and tasks: {before:?} before, {after:?} after");
    });
}
