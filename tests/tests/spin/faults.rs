//! What the application does, and says, when something that it stands on is wrong: on Spin nobody else tells.

use std::{
    sync::{Arc, Mutex},
    thread::sleep,
    time::Duration,
};

use astlas_spin_host::Host;
use astlas_test_servers::{ANYWHERE, RedisServer, serve};
use serde_json::json;

use crate::{
    application::{Answer, Scene, answer},
    service::until,
};

/// An application of its own, over this Redis.
fn over_redis(scene: &Scene, url: &str, more: &[(&str, &str)]) -> Host {
    let storage = scene.storage.address();
    let values = [("redis_url", url), ("bucket", "atlas"), ("storage_url", storage.as_str())];
    scene.host.again(&[&values[..], more].concat(), &[])
}

/// Asks what needs a cache and no bucket.
fn parse(host: &Host) -> Answer {
    let body = json!({"repo_id": "a", "file_path": "a.py", "content": "def run(): go()\n"}).to_string();
    let asked = answer(&host.base_url(), "POST", "/api/v1/ast/parse", &[], body.as_bytes());
    assert_eq!(asked.0, 200, "{asked:?}");
    asked
}

/// How many lines of its log hold these words.
fn said(host: &Host, words: &str) -> usize {
    host.log().lines().filter(|line| line.contains(words)).count()
}

/// What is said of a Redis that others keep from the processors, which the test is not about, and that it is back.
const SLOW: [&str; 2] = ["warning: redis is gone: no answer within 1000 ms", "info: redis is back"];

/// Its log without that.
fn complaints(host: &Host) -> Vec<String> {
    let is_slow = |line: &str| SLOW.iter().any(|slow| line.contains(slow));
    host.log().lines().filter(|line| !is_slow(line)).map(str::to_owned).collect()
}

pub fn what_is_wrong_with_redis_is_said_once(scene: &Scene) {
    let locked = RedisServer::start_with(&["--requirepass", "hush"]);
    let full = RedisServer::start_with(&["--maxmemory", "1", "--maxmemory-policy", "noeviction"]);
    let (locked, full) = (locked.url(), full.url());
    let http = locked.replace("redis://", "http://");
    for (url, login, words) in [
        ("redis://127.0.0.1:1", "", "warning: redis is gone: "),
        (http.as_str(), "", "warning: redis is gone: the variable redis_url is no address"),
        (locked.as_str(), "", "warning: redis is gone: "),
        (locked.as_str(), ":not-it", "warning: redis is gone: "),
        (full.as_str(), "", "warning: redis refuses "),
        ("", "", "warning: there is no redis: the variable redis_url is empty"),
    ] {
        let host = over_redis(scene, url, &[("redis_login", login)]);
        for _ in 0..3 {
            parse(&host);
        }
        // Each instance says it for itself, if not in its first request.
        until(|| {
            let is_said = said(&host, words) == host.instances();
            if !is_said {
                parse(&host);
            }
            is_said.then_some(())
        });
        let (told, instances) = (complaints(&host), host.instances());
        assert!(told.len() <= instances && told.iter().all(|line| line.contains(words)), "{url:?} {login:?}: {told:?}");
        assert!(!host.log().contains("not-it"), "{}", host.log());
    }
    let host = over_redis(scene, &locked, &[("redis_login", ":hush")]);
    until(|| (parse(&host).2["cache_hit"] == true).then_some(()));
    assert_eq!(complaints(&host), [""; 0]);
}

pub fn a_redis_that_stands_still_or_ends_is_found_again(scene: &Scene) {
    let mut redis = RedisServer::start();
    let host = over_redis(scene, &redis.url(), &[]);
    // Each instance finds out for itself; they are asked by turns.
    let until_said = |words: &str, times: usize| {
        until(|| {
            let is_said = said(&host, words) >= times;
            if !is_said {
                parse(&host);
            }
            is_said.then_some(())
        });
    };
    // Who says that it is gone says that it is back before it says that again.
    let gone = || said(&host, "warning: redis is gone").saturating_sub(said(&host, SLOW[1]));
    until(|| {
        parse(&host);
        (gone() == 0).then_some(())
    });
    assert_eq!(complaints(&host), [""; 0]);
    let back = said(&host, "info: redis is back");
    redis.pause();
    for _ in 0..2 {
        parse(&host);
        // Longer than it counts as gone for: it is asked once more.
        sleep(Duration::from_millis(1100));
    }
    assert!((1..=host.instances()).contains(&gone()), "{}", host.log());
    assert_eq!(complaints(&host), [""; 0]);
    redis.resume();
    until_said(SLOW[1], back + 1);
    let [gone, back] = ["redis is gone", "redis is back"].map(|words| said(&host, words));
    redis.kill();
    until_said("warning: redis is gone", gone + 1);
    redis.restart();
    until_said(SLOW[1], back + 1);
}

pub fn google_is_shown_a_token_of_the_metadata_server(scene: &Scene) {
    let asked: Arc<Mutex<Vec<Vec<String>>>> = Arc::default();
    let told = asked.clone();
    let google = serve(ANYWHERE, move |path, head| {
        told.lock().unwrap().push(head.to_vec());
        let is_metadata = path.starts_with("/computeMetadata/");
        let body = if is_metadata { r#"{"access_token":"hush","expires_in":3600}"# } else { "{}" };
        ("200 OK", "content-type: application/json\r\n".into(), body.into())
    });
    let redis = RedisServer::start();
    let (there, redis) = (google.strip_prefix("http://").unwrap(), redis.url());
    let ask = |metadata: &str| {
        let values = [("redis_url", redis.as_str()), ("bucket", "atlas"), ("metadata_url", metadata)];
        let host = scene.host.again(&values, &[("https://storage.googleapis.com", there)]);
        answer(&host.base_url(), "GET", "/api/v1/repos", &[], b"")
    };
    let listed = ask(&google);
    assert_eq!((listed.0, &listed.2), (200, &json!({"repos": []})), "{listed:?}");
    let heads = std::mem::take(&mut *asked.lock().unwrap());
    let has = |head: &[String], line: &str| head.iter().any(|said| said == line);
    // It is asked for once, and shown from then on.
    assert!(heads.len() > 2 && has(&heads[0], "metadata-flavor: google"), "{heads:?}");
    assert!(!has(&heads[0], "authorization: bearer hush"), "{heads:?}");
    let shown = heads[1..].iter().all(|head| has(head, "authorization: bearer hush") && head[0].contains("/storage/"));
    assert!(shown, "{heads:?}");
    // Where there is none, nobody is asked without one.
    let refused = ask("http://127.0.0.1:1");
    assert!(refused.0 == 503 && asked.lock().unwrap().is_empty(), "{refused:?}");
}
