//! What only a queue can get wrong, and settings.

use std::{sync::Arc, time::Duration};

use astlas_atlas::ports::Verdict;
use astlas_capabilities::{Events, EventsSettings, ForgeSettings, pull};

use crate::suite::{Seen, note, open, wait};

#[tokio::test]
async fn a_queue_that_is_full_takes_none_of_what_is_too_much() {
    let events = Arc::new(open(&EventsSettings::default()));
    events.publish("acme", vec![b"x".to_vec(); 9_999]).await.unwrap();
    let refused = events.publish("acme", vec![b"y".to_vec(); 2]).await.unwrap_err();
    assert!(refused.0.contains("9999 jobs"), "{refused}");
    events.publish("acme", vec![b"z".to_vec()]).await.unwrap();
    assert_eq!(events.waiting(), Some(10_000));
    let seen = Seen::default();
    let worker = tokio::spawn({
        let (events, work) = (events.clone(), note(&seen));
        async move { events.work(work).await }
    });
    wait(&seen, 2, Duration::from_secs(10)).await;
    events.close();
    worker.await.unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!((seen.get(&b"x"[..]), seen.get(&b"y"[..]), seen.get(&b"z"[..])), (Some(&9_999), None, Some(&1)));
}

#[tokio::test(start_paused = true)]
async fn what_always_fails_is_given_up_and_the_next_has_its_turn() {
    let events = Arc::new(open(&EventsSettings::default()));
    events.publish("acme", vec![b"bad".to_vec(), b"good".to_vec()]).await.unwrap();
    events.close();
    let seen = Seen::default();
    let noted = note(&seen);
    let work = |body| {
        let noted = noted(body);
        let is_bad = seen.lock().unwrap().keys().all(|data| data == b"bad");
        async move { if is_bad { Err("always".into()) } else { noted.await } }
    };
    events.work(work).await;
    let seen = seen.lock().unwrap();
    assert_eq!((seen[&b"bad"[..]], seen[&b"good"[..]]), (5, 1));
}

#[test]
fn settings_that_cannot_be_right_are_named() {
    let events = |settings: &EventsSettings| Events::open(settings, &ForgeSettings::default());
    let told = |settings: &EventsSettings| events(settings).err().map_or_else(String::new, |error| error.to_string());
    let topic = |topic: &str, project: Option<&str>| EventsSettings {
        topic: Some(topic.into()),
        project: project.map(Into::into),
        ..EventsSettings::default()
    };
    assert!(told(&topic("topic", None)).starts_with("setting events.project: it is missing"));
    assert!(told(&topic("projects/p/topics/t", Some("project"))).starts_with("setting events.topic: "));
    assert!(told(&topic("topic", Some("a/b"))).starts_with("setting events.project: "));
    let endpoint = EventsSettings { endpoint: Some("no address".into()), ..topic("topic", Some("project")) };
    assert!(told(&endpoint).starts_with("setting events.endpoint: "));
    assert!(
        pull(&topic("topic", Some("project"))).err().unwrap().to_string().starts_with("setting events.subscription")
    );
    let unsigned = events(&EventsSettings::default()).unwrap();
    assert_eq!(unsigned.verify("sha256=00", b""), Verdict::Unconfigured);
    let empty = ForgeSettings { secret: Some(String::new()), ..ForgeSettings::default() };
    let error = Events::open(&EventsSettings::default(), &empty).err().unwrap().to_string();
    assert!(error.starts_with("setting forge.secret: "), "{error}");
}
