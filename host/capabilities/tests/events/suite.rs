//! What is published is worked on, wherever it goes through.

use std::{
    collections::BTreeMap,
    pin::Pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use astlas_atlas::ports::Verdict;
use astlas_capabilities::{Events, EventsSettings, Failed, ForgeSettings, Pulling, pull};
use astlas_test_servers::{PubSubEmulator, until};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use tokio::sync::oneshot;

/// A message is worked on.
pub type Working = Pin<Box<dyn Future<Output = Result<(), Failed>> + Send>>;

/// How often each message was handed out.
pub type Seen = Arc<Mutex<BTreeMap<Vec<u8>, u32>>>;

pub fn settings(server: &PubSubEmulator, name: &str, deadline: u32) -> EventsSettings {
    let (topic, subscription) = (format!("topic-{name}"), format!("subscription-{name}"));
    server.make_topic("astlas-test", &topic, &subscription, deadline);
    EventsSettings {
        project: Some("astlas-test".into()),
        topic: Some(topic),
        subscription: Some(subscription),
        endpoint: Some(server.address()),
    }
}

pub fn open(settings: &EventsSettings) -> Events {
    let forge = ForgeSettings { secret: Some("It's a Secret to Everybody".into()), ..ForgeSettings::default() };
    Events::open(settings, &forge).unwrap()
}

/// The data of a message, after a look at its form.
pub fn data(body: &Bytes) -> Vec<u8> {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap();
    assert!(body["message"]["messageId"].is_string() && body["subscription"].is_string(), "{body}");
    STANDARD.decode(body["message"]["data"].as_str().unwrap_or_default()).unwrap()
}

/// Notes what it is handed; the first time, fails at what ends with `!`.
pub fn note(seen: &Seen) -> impl Fn(Bytes) -> Working + use<> {
    let seen = seen.clone();
    move |body| {
        let data = data(&body);
        let fails = data.ends_with(b"!");
        let times = {
            let mut seen = seen.lock().unwrap();
            let times = seen.entry(data).or_default();
            *times += 1;
            *times
        };
        Box::pin(async move { if fails && times == 1 { Err("the first time".into()) } else { Ok(()) } })
    }
}

/// Nothing is given up.
pub fn never(body: Bytes, why: Failed) -> Working {
    panic!("{}: {why}", String::from_utf8_lossy(&data(&body)));
}

/// How long anything is waited for that has to come.
const SOON: Duration = Duration::from_secs(120);

/// Waits until so many messages were seen.
pub async fn wait(seen: &Seen, count: usize) {
    until(&format!("{count} messages are seen"), SOON, async || seen.lock().unwrap().len() >= count).await;
}

/// Pulls until it is told to stop.
pub fn pulling(
    pulling: Pulling,
    at_once: usize,
    work: impl Fn(Bytes) -> Working + Send + Sync + 'static,
) -> (oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let (stop, stopped) = oneshot::channel();
    let run = async move { pulling.run(at_once, work, async { drop(stopped.await) }).await };
    (stop, tokio::spawn(run))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn through_a_queue() {
    let (events, seen) = (Arc::new(open(&EventsSettings::default())), Seen::default());
    let worker = tokio::spawn({
        let (events, work) = (events.clone(), note(&seen));
        async move { events.work(work, never).await }
    });
    suite(&events, &seen).await;
    // What was taken on is done before the end.
    events.publish("acme", vec![b"last".to_vec()]).await.unwrap();
    events.close();
    assert!(events.publish("acme", vec![b"too late".to_vec()]).await.is_err() && events.check().await.state.is_err());
    worker.await.unwrap();
    assert!(seen.lock().unwrap().contains_key(&b"last"[..]) && events.waiting() == Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn through_pubsub() {
    let server = PubSubEmulator::start();
    // So long that no message comes again but what failed.
    let settings = settings(&server, "suite", 600);
    let (events, seen) = (open(&settings), Seen::default());
    let (stop, worker) = pulling(pull(&settings).unwrap(), 8, note(&seen));
    suite(&events, &seen).await;
    stop.send(()).unwrap();
    worker.await.unwrap();
    // There is no queue to work on.
    events.work(note(&seen), never).await;
    assert_eq!(events.waiting(), None);
}

async fn suite(events: &Events, seen: &Seen) {
    assert!(events.check().await.state.is_ok());
    events.publish("acme", vec![]).await.unwrap();
    // More than go at once; any bytes.
    let mut messages: Vec<_> = (0..2100).map(|number| format!("message {number}").into_bytes()).collect();
    messages.extend([vec![0, 255, 128, 10], b"\"quoted\"".to_vec(), vec![7; 1_000_000]]);
    events.publish("acme", messages.clone()).await.unwrap();
    wait(seen, messages.len()).await;
    for message in &messages {
        assert_eq!(seen.lock().unwrap().get(message), Some(&1), "{}", String::from_utf8_lossy(message));
    }
    // What fails is handed out again, and soon.
    events.publish("acme", vec![b"fails!".to_vec()]).await.unwrap();
    until("it is handed out again", SOON, async || seen.lock().unwrap().get(&b"fails!"[..]) == Some(&2)).await;
    let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    assert_eq!(events.verify(signature, b"Hello, World!"), Verdict::Authentic);
    assert_eq!(events.verify(signature, b"Hello, World?"), Verdict::Forged);
}
