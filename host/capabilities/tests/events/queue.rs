//! What only a queue can get wrong, and settings.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use astlas_atlas::ports::Verdict;
use astlas_capabilities::{Events, EventsSettings, ForgeSettings, pull};

use tokio::time::Instant;

use crate::suite::{Seen, data, never, note, open, wait};

#[tokio::test]
async fn a_queue_that_is_full_takes_none_of_what_is_too_much() {
    let events = Arc::new(open(&EventsSettings::default()));
    events.publish("acme", vec![b"x".to_vec(); 9_999]).await.unwrap();
    let refused = events.publish("acme", vec![b"y".to_vec(); 2]).await.unwrap_err();
    assert!(refused.0.contains("9999 jobs"), "{refused}");
    events.publish("acme", vec![b"z".to_vec()]).await.unwrap();
    assert_eq!(events.waiting(), Some(10_000));
    // Others have room of their own, ten of them.
    for other in 1..10 {
        events.publish(&format!("other{other}"), vec![b"o".to_vec(); 10_000]).await.unwrap();
    }
    let refused = events.publish("last", vec![b"y".to_vec()]).await.unwrap_err();
    assert!(refused.0.contains("100000 jobs of all tenants"), "{refused}");
    let seen = Seen::default();
    let worker = tokio::spawn({
        let (events, work) = (events.clone(), note(&seen));
        async move { events.work(work, never).await }
    });
    wait(&seen, 3).await;
    events.close();
    worker.await.unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(seen.get(&b"o"[..]), Some(&90_000));
    assert_eq!((seen.get(&b"x"[..]), seen.get(&b"y"[..]), seen.get(&b"z"[..])), (Some(&9_999), None, Some(&1)));
}

/// Works on a queue where `bad` always fails: when which message was handed out, and what was given up.
async fn work(events: &Events, seen: &Mutex<Vec<(Vec<u8>, Duration)>>, given_up: &Mutex<Vec<Vec<u8>>>) {
    let begun = Instant::now();
    let work = async |body| {
        let data = data(&body);
        let is_bad = data == b"bad";
        seen.lock().unwrap().push((data, begun.elapsed()));
        if is_bad { Err("always".into()) } else { Ok(()) }
    };
    let give_up = async |body, why| {
        assert_eq!(why, "always");
        let mut given_up = given_up.lock().unwrap();
        given_up.push(data(&body));
        // The first time, it cannot be written down.
        if given_up.len() == 1 { Err("nowhere to write".into()) } else { Ok(()) }
    };
    events.work(work, give_up).await;
}

#[tokio::test(start_paused = true)]
async fn what_always_fails_comes_again_later_each_time_behind_the_others_and_is_given_up_in_the_end() {
    let events = open(&EventsSettings::default());
    let messages = [vec![b"bad".to_vec()], vec![b"good".to_vec(); 100]].concat();
    events.publish("acme", messages).await.unwrap();
    let (seen, given_up) = Default::default();
    let worked = tokio::time::timeout(Duration::from_secs(7200), work(&events, &seen, &given_up)).await;
    assert!(worked.is_err() && events.waiting() == Some(0));
    let seen = seen.lock().unwrap();
    assert_eq!(seen[1..101].iter().filter(|(data, at)| data == b"good" && at.is_zero()).count(), 100);
    let tries: Vec<_> = seen.iter().filter(|(data, _)| data == b"bad").map(|(_, at)| *at).collect();
    // The last time is for what could not be written down.
    assert_eq!((tries.len(), given_up.lock().unwrap().len()), (21, 2));
    let whole = tries[19];
    assert!(whole > Duration::from_secs(1800) && whole < Duration::from_secs(3600), "{whole:?}");
    assert!(tries.windows(3).all(|at| at[2] - at[1] >= at[1] - at[0] - Duration::from_millis(1)), "{tries:?}");
}

#[tokio::test(start_paused = true)]
async fn tenants_have_their_turns() {
    let events = open(&EventsSettings::default());
    let all = [("much", &["m1", "m2", "m3", "m4"][..]), ("none", &[]), ("little", &["l1", "l2"]), ("much", &["m5"])];
    for (tenant, messages) in all {
        events.publish(tenant, messages.iter().map(|it| it.as_bytes().to_vec()).collect()).await.unwrap();
    }
    let (seen, given_up) = Default::default();
    assert!(tokio::time::timeout(Duration::from_secs(1), work(&events, &seen, &given_up)).await.is_err());
    let order: Vec<_> =
        seen.lock().unwrap().iter().map(|(data, _)| String::from_utf8_lossy(data).into_owned()).collect();
    assert_eq!(order, ["m1", "l1", "m2", "l2", "m3", "m4", "m5"]);
}

#[tokio::test(start_paused = true)]
async fn at_the_end_of_the_process_what_fails_is_given_up_soon() {
    let events = Arc::new(open(&EventsSettings::default()));
    let (seen, given_up) = Default::default();
    events.publish("acme", vec![b"bad".to_vec()]).await.unwrap();
    tokio::time::advance(Duration::from_secs(5)).await;
    events.publish("acme", vec![b"good".to_vec()]).await.unwrap();
    assert_eq!(events.age(), Duration::from_secs(5));
    // It waits for minutes by then.
    assert!(tokio::time::timeout(Duration::from_secs(300), work(&events, &seen, &given_up)).await.is_err());
    assert_eq!((events.waiting(), events.age()), (Some(1), Duration::ZERO));
    // Nobody works any more when its time has come.
    tokio::time::advance(Duration::from_secs(400)).await;
    assert!(events.age() > Duration::from_secs(100), "{:?}", events.age());
    events.hurry();
    events.publish("acme", vec![b"good".to_vec(), b"bad".to_vec()]).await.unwrap();
    events.close();
    let before = seen.lock().unwrap().len();
    tokio::time::timeout(Duration::from_secs(60), work(&events, &seen, &given_up)).await.unwrap();
    assert_eq!(seen.lock().unwrap().len() - before, 1 + 1 + 5);
    assert_eq!((given_up.lock().unwrap().len(), events.waiting()), (2, Some(0)));
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
