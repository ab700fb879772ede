//! Whose a request is, and what that lets it reach.

use std::{
    collections::BTreeMap,
    thread,
    time::{Duration, Instant},
};

use astlas_test_servers::far_from_midnight;
use astlas_tests::{Ended, Sandbox, archives::zip, ended};
use serde_json::{Value, json};

use crate::service::{Service, command, header, sandbox, until};

/// Anything said of who may ask closes the door for those who say nothing.
const CLOSED: [(&str, &str); 2] = [("ASTLAS_IDENTITY_KNOWN_FOR", "1"), ("ASTLAS_IDENTITY_UNKNOWN_FOR", "0")];

fn tenants(sandbox: &Sandbox, arguments: &[&str]) -> Ended {
    ended(command(sandbox).arg("tenants").args(arguments).output().unwrap())
}

/// A key of a tenant, which is made if it is not there.
pub fn key(sandbox: &Sandbox, tenant: &str, role: &str) -> String {
    tenants(sandbox, &["create", tenant]);
    let key = tenants(sandbox, &["create-key", tenant, "--role", role, "--label", "a test's"]).ok();
    key.trim().to_owned()
}

/// Asks with a key.
pub fn ask(service: &Service, key: &str, method: &str, path: &str, body: Vec<u8>) -> (u16, Value) {
    let bearer = format!("Bearer {key}");
    let response = service.send(method, path, &[("authorization", &bearer)], body);
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap_or(Value::Null))
}

fn post(service: &Service, key: &str, path: &str, body: &Value) -> (u16, Value) {
    ask(service, key, "POST", path, body.to_string().into_bytes())
}

/// Indexes a commit of one file that defines `name`.
fn index(service: &Service, key: &str, repository: &str, name: &str) -> Value {
    let archive = zip(&[("app-main/app.py", format!("def {name}():\n    return 1\n").as_bytes())]);
    let (status, stored) = ask(service, key, "PUT", &format!("/api/v1/repos/{repository}/c1/archive"), archive);
    assert_eq!(status, 201, "{stored}");
    let (status, started) =
        post(service, key, "/api/v1/jobs/index_repo", &json!({"repo_id": repository, "commit_sha": "c1"}));
    assert_eq!(status, 202, "{started}");
    let path = format!("/api/v1/jobs/{}", started["job_id"].as_str().unwrap());
    let job = || ask(service, key, "GET", &path, vec![]).1;
    let job = until(|| Some(job()).filter(|job| job["state"] == "done" || job["state"] == "failed"));
    json!({"job": job, "path": path})
}

/// What the map of a repository has.
fn map(service: &Service, key: &str, repository: &str) -> (u16, String) {
    let (status, answer) = post(service, key, "/api/v1/repomap", &json!({"repo_id": repository, "commit_sha": "c1"}));
    (status, answer["repomap"].as_str().unwrap_or_default().to_owned())
}

/// A service with the configuration in the sandbox, that nobody asks without credentials. Its limits count by days.
fn configured(sandbox: &Sandbox) -> Service {
    far_from_midnight();
    let config = sandbox.tree().join("astlas.toml");
    Service::start_with(sandbox, &[CLOSED[0], CLOSED[1], ("ASTLAS_CONFIG", config.to_str().unwrap())])
}

#[test]
fn nobody_comes_in_without_credentials_that_hold() {
    let sandbox = sandbox();
    let service = Service::start_with(&sandbox, &CLOSED);
    for path in ["/health/live", "/health", "/metrics", "/docs", "/openapi.json"] {
        // What the service stands on may be slow at times.
        until(|| (service.get(path).status() == 200).then_some(()));
    }
    let (read, key) = (key(&sandbox, "acme", "read"), key(&sandbox, "acme", "admin"));
    let other = format!("{}{}", &key[..key.len() - 1], if key.ends_with('0') { '1' } else { '0' });
    let unknown = format!("ast_other{}", &key["ast_acme".len()..]);
    for path in ["/api/v1/repos", "/api/v1/keys", "/api/v1/usage", "/api/v1/jobs/0a"] {
        let response = service.get(path);
        assert_eq!(
            (response.status().as_u16(), header(&response, "www-authenticate")),
            (401, Some("Bearer")),
            "{path}"
        );
        for bad in ["nonsense", "", &other, &unknown] {
            let begun = Instant::now();
            assert_eq!(ask(&service, bad, "GET", path, vec![]).0, 401, "{path} {bad:?}");
            // Whoever guesses waits for each guess.
            assert!(begun.elapsed() >= Duration::from_millis(250));
        }
    }
    for path in ["/internal/sweep", "/internal/parse_batch", "/pubsub/push", "/api/v1/repomap", "/api/v1/ast/parse"] {
        // Where the queue is in the process, nobody pushes.
        let expected = if path == "/pubsub/push" { 404 } else { 401 };
        assert_eq!(service.post(path, &json!({})).0, expected, "{path}");
    }
    // What a scheduler may, no tenant may; and it is told what is missing.
    let none = service.post("/internal/sweep", &json!({}));
    for (status, refusal) in [none, ask(&service, &key, "POST", "/internal/sweep", b"{}".to_vec())] {
        assert!(status == 401 && refusal["detail"].as_str().unwrap().contains("identity.push_accounts"), "{refusal}");
    }
    // No tenant is set for the forge.
    assert_eq!(service.post("/webhooks/github", &json!({})).0, 403);
    assert_eq!(ask(&service, &read, "GET", "/api/v1/repos", vec![]).0, 200);
    let response = service.send("GET", "/api/v1/repos", &[("x-api-key", &read)], vec![]);
    assert_eq!(response.status(), 200);
    service.tell_to_stop();
    let log = service.ended().1.join("\n");
    assert!(log.contains("not let in") && log.contains("\"tenant\":\"acme\""), "{log}");
    for secret in [&read, &key, &other, &unknown] {
        assert!(!log.contains(&secret[secret.len() - 60..]), "a secret in the log: {log}");
    }
}

#[test]
fn a_role_may_what_it_may_and_a_key_ends() {
    let sandbox = sandbox();
    let service = Service::start_with(&sandbox, &CLOSED);
    let keys: BTreeMap<_, _> = ["read", "index", "admin"].map(|role| (role, key(&sandbox, "acme", role))).into();
    for (role, may) in [("read", [false, false, false]), ("index", [true, true, false]), ("admin", [true, true, true])]
    {
        let key = &keys[role];
        let body = json!({"repo_id": "a/b", "commit_sha": "c1"});
        let asked = [
            post(&service, key, "/api/v1/jobs/index_repo", &body).0,
            ask(&service, key, "DELETE", "/api/v1/repos/a/b", vec![]).0,
            ask(&service, key, "GET", "/api/v1/keys", vec![]).0,
        ];
        assert_eq!(asked.map(|status| status != 403), may, "{role}: {asked:?}");
        assert_eq!(ask(&service, key, "GET", "/api/v1/repos", vec![]).0, 200);
    }
    // Keys over HTTP.
    let admin = &keys["admin"];
    let (status, made) = post(&service, admin, "/api/v1/keys", &json!({"role": "index", "label": "ci"}));
    assert_eq!((status, &made["key"]["role"]), (201, &json!("index")), "{made}");
    let (secret, id) = (made["secret"].as_str().unwrap(), made["key"]["id"].as_str().unwrap());
    assert_eq!(ask(&service, secret, "GET", "/api/v1/repos", vec![]).0, 200);
    assert_eq!(post(&service, secret, "/api/v1/keys", &json!({})).0, 403);
    let listed = ask(&service, admin, "GET", "/api/v1/keys", vec![]).1;
    assert_eq!(listed["keys"].as_array().unwrap().len(), 4);
    assert!(!listed.to_string().contains("secret") && !listed.to_string().contains("blake3"), "{listed}");
    for (body, status) in
        [(json!({"role": "king"}), 422), (json!({"rol": "read"}), 422), (json!({"label": "a\nb"}), 422)]
    {
        assert_eq!(post(&service, admin, "/api/v1/keys", &body).0, status, "{body}");
    }
    let (status, refusal) = post(&service, admin, "/api/v1/keys", &json!({"label": "a\u{202e}b"}));
    assert!(status == 422 && refusal["detail"].as_str().unwrap().contains("turn the direction"), "{refusal}");
    let refusal = tenants(&sandbox, &["create-key", "acme", "--label", "a\u{2066}b"]).error(1);
    assert!(refusal.contains("turn the direction"), "{refusal}");
    // Another tenant's is none.
    let stranger = key(&sandbox, "other", "admin");
    let path = format!("/api/v1/keys/{id}");
    assert_eq!(ask(&service, &stranger, "DELETE", &path, vec![]).0, 404);
    let (status, revoked) = ask(&service, admin, "DELETE", &path, vec![]);
    assert_eq!((status, revoked["revoked"].is_u64()), (200, true), "{revoked}");
    assert_eq!(ask(&service, secret, "GET", "/api/v1/repos", vec![]).0, 401);
    assert_eq!(ask(&service, admin, "PUT", &path, vec![]).0, 405);
    // From outside the process, as soon as it has forgotten.
    assert!(tenants(&sandbox, &["list"]).ok().contains("acme"));
    tenants(&sandbox, &["disable", "acme"]).ok();
    let status_is = |status| (ask(&service, admin, "GET", "/api/v1/repos", vec![]).0 == status).then_some(());
    until(|| status_is(401));
    assert_eq!(ask(&service, &stranger, "GET", "/api/v1/repos", vec![]).0, 200);
    tenants(&sandbox, &["enable", "acme"]).ok();
    until(|| status_is(200));
    tenants(&sandbox, &["create", "Not A Name"]).error(2);
    tenants(&sandbox, &["create", "acme"]).error(1);
    tenants(&sandbox, &["create-key", "nobody"]).error(1);
}

#[test]
fn two_tenants_have_the_same_names_and_nothing_in_common() {
    let sandbox = sandbox();
    let service = Service::start_with(&sandbox, &CLOSED);
    let (one, other) = (key(&sandbox, "one", "admin"), key(&sandbox, "one-b", "admin"));
    let job = index(&service, &one, "acme/app", "mine_alone");
    assert_eq!(map(&service, &other, "acme/app").0, 404);
    assert_eq!(ask(&service, &other, "GET", job["path"].as_str().unwrap(), vec![]).0, 404);
    assert_eq!(ask(&service, &other, "GET", "/api/v1/repos", vec![]).1, json!({"repos": []}));
    index(&service, &other, "acme/app", "the_others");
    // Twice each: the second is answered by an instance that stayed open, or from the cache.
    for _ in 0..2 {
        for (key, own, foreign) in [(&one, "mine_alone", "the_others"), (&other, "the_others", "mine_alone")] {
            let (status, map) = map(&service, key, "acme/app");
            assert!(status == 200 && map.contains(own) && !map.contains(foreign), "{status} {map}");
        }
    }
    // Names that want to be the other's.
    for name in ["../one/acme/app", "one/acme/app", "/one/acme/app", "..%2Fone%2Facme%2Fapp", "one-b/../one/acme/app"] {
        assert!(map(&service, &other, name).0 >= 400, "{name}");
        let path = format!("/api/v1/repos/{name}");
        assert!(ask(&service, &other, "DELETE", &path, vec![]).0 >= 400, "{name}");
    }
    assert_eq!(ask(&service, &other, "DELETE", "/api/v1/repos/acme/app", vec![]).0, 200);
    assert_eq!((map(&service, &other, "acme/app").0, map(&service, &one, "acme/app").0), (404, 200));
    // What is kept, is kept apart.
    let folders = std::fs::read_dir(sandbox.cache().join("blobs")).unwrap();
    let mut folders: Vec<_> = folders.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    folders.sort();
    folders.retain(|name| !name.starts_with('.'));
    assert!(folders.iter().all(|name| ["_identity", "one", "one-b"].contains(&name.as_str())), "{folders:?}");
}

#[test]
fn what_is_used_is_counted_and_limited() {
    let sandbox = sandbox();
    sandbox.write(
        "astlas.toml",
        br#"
[limits]
plan = "free"
[limits.prices]
call = 5
parsed_mb = 1000000
[limits.plans.free]
rules = [{ name = "bursts", routes = ["query"], algorithm = "fixed-window", limit = 3, window = 86400 }]
stored_bytes = 1000
[limits.plans.paid]
[limits.tenants]
paying = "paid"
"#,
    );
    let service = configured(&sandbox);
    let (free, paid) = (key(&sandbox, "free", "index"), key(&sandbox, "paying", "index"));
    let bearer = format!("Bearer {free}");
    let mut left = vec![];
    for _ in 0..5 {
        let begun = Instant::now();
        let response = service.send("GET", "/api/v1/repos", &[("authorization", &bearer)], vec![]);
        // Whoever does not wait by itself does so here.
        assert!(response.status() != 429 || begun.elapsed() >= Duration::from_millis(250));
        let remaining = header(&response, "ratelimit-remaining").unwrap().to_owned();
        let waits = header(&response, "retry-after").map(|wait| wait.parse::<u64>().unwrap());
        assert_eq!(waits.is_some_and(|wait| (1..=86_400).contains(&wait)), response.status() == 429, "{waits:?}");
        assert!(header(&response, "ratelimit").unwrap().contains("\"bursts\";r="), "{response:?}");
        left.push((response.status().as_u16(), remaining));
    }
    let left: Vec<_> = left.iter().map(|(status, left)| (*status, left.as_str())).collect();
    assert_eq!(left, [(200, "2"), (200, "1"), (200, "0"), (429, "0"), (429, "0")]);
    let (_, refusal) = ask(&service, &free, "GET", "/api/v1/repos", vec![]);
    assert_eq!(refusal["type"], "/docs#too-many-requests");
    assert!(refusal["detail"].as_str().unwrap().contains("bursts: all of 3 calls are used"), "{refusal}");
    // Other routes and other tenants have limits of their own.
    let source = json!({"repo_id": "a/b", "file_path": "a.py", "content": "def a(): pass\n"});
    assert_eq!(post(&service, &free, "/api/v1/ast/parse", &source).0, 200);
    for _ in 0..6 {
        assert_eq!(ask(&service, &paid, "GET", "/api/v1/repos", vec![]).0, 200);
    }
    index(&service, &paid, "acme/app", "a_function");
    // Charged when it is done, aside.
    let usage = || ask(&service, &paid, "GET", "/api/v1/usage", vec![]).1;
    let usage = until(|| {
        Some(usage()).filter(|usage| usage["stored_bytes"].as_u64() > Some(100) && usage["day"]["parsed_bytes"] != 0)
    });
    assert!(usage["day"]["calls"].as_u64() >= Some(9), "{usage}");
    assert_eq!(usage["day"]["parsed_bytes"], 31, "{usage}");
    assert_eq!((&usage["tenant"], &usage["plan"]), (&json!("paying"), &json!("paid")));
    let cost = &usage["day"]["cost"];
    assert_eq!(cost["calls"].as_u64().unwrap(), usage["day"]["calls"].as_u64().unwrap() * 5, "{usage}");
    assert_eq!(cost["parsed"], 31, "{usage}");
    // More than may be stored is not taken.
    let large = vec![b'x'; 1001];
    let (status, refusal) = ask(&service, &free, "PUT", "/api/v1/repos/acme/app/c1/archive", large);
    assert_eq!(status, 429, "{refusal}");
    assert!(refusal["detail"].as_str().unwrap().contains("stored-bytes"), "{refusal}");
}

#[test]
fn who_has_no_call_left_is_not_read_and_still_sees_what_was_used_and_takes_keys_away() {
    let sandbox = sandbox();
    sandbox.write(
        "astlas.toml",
        br#"
[limits]
plan = "free"
[limits.plans.free]
rules = [{ name = "all", algorithm = "fixed-window", limit = 3, window = 86400 }]
"#,
    );
    let service = configured(&sandbox);
    let key = key(&sandbox, "acme", "admin");
    let keys = ask(&service, &key, "GET", "/api/v1/keys", vec![]).1;
    let questions = |count: usize| {
        let query = json!({"path": "/api/v1/repomap", "body": {"repo_id": "a/b", "commit_sha": "c1"}});
        let body = json!({"queries": vec![query; count]}).to_string();
        let bearer = format!("Bearer {key}");
        service.send("POST", "/api/v1/batch/query", &[("authorization", bearer.as_str())], body.into_bytes())
    };
    let refused = questions(3);
    let why = String::from_utf8_lossy(refused.body()).into_owned();
    assert!(
        refused.status() == 429 && why.contains("all: this takes more than the 2 of 3 calls that are left"),
        "{why}"
    );
    assert_eq!(header(&refused, "ratelimit-remaining"), Some("2"));
    assert_eq!(questions(2).status(), 200);
    // What it says that it sends never comes.
    let head = format!(
        "POST /api/v1/batch/query HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: Bearer {key}\r\n\
         content-length: 5000000\r\n\r\n"
    );
    let answer = service.write(&head);
    assert!(answer.starts_with("HTTP/1.1 429") && answer.contains("all: all of 3 calls are used"), "{answer}");
    assert_eq!(ask(&service, &key, "GET", "/api/v1/keys", vec![]).0, 429);
    assert_eq!(ask(&service, &key, "GET", "/api/v1/usage", vec![]).1["day"]["calls"], 3);
    let id = keys["keys"][0]["id"].as_str().unwrap_or_else(|| panic!("{keys}"));
    assert!(ask(&service, &key, "DELETE", &format!("/api/v1/keys/{id}"), vec![]).0 < 300);
}

#[test]
fn quotas_of_bytes_hold_whatever_is_said_of_the_length_and_however_many_come_at_once() {
    let sandbox = sandbox();
    sandbox.write(
        "astlas.toml",
        br#"
[limits]
plan = "free"
[limits.plans.free]
stored_bytes = 100000
parsed_bytes_per_day = 1000
[limits.plans.two]
rules = [{ name = "two", routes = ["query"], algorithm = "fixed-window", limit = 2, window = 86400 }]
[limits.plans.each]
rules = [
    { name = "queries", routes = ["query"], algorithm = "fixed-window", limit = 3, window = 86400 },
    { name = "parses", routes = ["parse"], algorithm = "fixed-window", limit = 1, window = 86400 },
]
[limits.tenants]
asker = "two"
mixed = "each"
"#,
    );
    let service = configured(&sandbox);
    let stored = |key: &str| ask(&service, key, "GET", "/api/v1/usage", vec![]).1["stored_bytes"].as_u64().unwrap();
    let settled = |key: &str, bytes: u64| until(|| (stored(key) == bytes).then_some(()));

    // Of an unknown length.
    let unknown = key(&sandbox, "unknown", "index");
    let chunk = "x".repeat(200_000);
    let request = format!(
        "PUT /api/v1/repos/a/b/c1/archive HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: Bearer {unknown}\r\n\
         transfer-encoding: chunked\r\n\r\n{:x}\r\n{chunk}\r\n0\r\n\r\n",
        chunk.len()
    );
    let answer = service.write(&request);
    assert!(answer.starts_with("HTTP/1.1 429") && answer.contains("stored-bytes"), "{answer}");
    settled(&unknown, 0);

    // At once, and the same again and again.
    let many = key(&sandbox, "many", "index");
    let taken = thread::scope(|scope| {
        let (service, many) = (&service, &many);
        let send =
            move |n: u32| ask(service, many, "PUT", &format!("/api/v1/repos/a/b/c{n}/archive"), vec![b'x'; 60_000]).0;
        let sent: Vec<_> = (0..8).map(|n| scope.spawn(move || send(n))).collect();
        sent.into_iter().map(|sent| sent.join().unwrap()).filter(|status| *status == 201).count()
    });
    assert_eq!(taken, 1);
    settled(&many, 60_000);
    let same = key(&sandbox, "same", "index");
    for _ in 0..5 {
        assert_eq!(ask(&service, &same, "PUT", "/api/v1/repos/a/b/c1/archive", vec![b'x'; 300]).0, 201);
    }
    settled(&same, 300);

    // More than may be parsed: what says how long it is does not begin, and of what does not the job is dead.
    let parser = key(&sandbox, "parser", "index");
    let source = "def a(): pass\n".repeat(100);
    let body = json!({"repo_id": "a/b", "file_path": "a.py", "content": source});
    let (status, refusal) = post(&service, &parser, "/api/v1/ast/parse", &body);
    assert_eq!(
        (status, refusal["detail"].as_str().unwrap().contains("parsed-bytes-per-day")),
        (429, true),
        "{refusal}"
    );
    let archive = zip(&[("app-main/app.py", source.as_bytes())]);
    assert_eq!(ask(&service, &parser, "PUT", "/api/v1/repos/a/b/c1/archive", archive).0, 201);
    post(&service, &parser, "/api/v1/jobs/index_repo", &json!({"repo_id": "a/b", "commit_sha": "c1"}));
    let dead = || ask(&service, &parser, "GET", "/api/v1/jobs?state=dead", vec![]).1["jobs"][0].clone();
    let dead = until(|| Some(dead()).filter(|job| !job.is_null()));
    assert!(dead["error"].as_str().unwrap().contains("parsed-bytes-per-day"), "{dead}");
    until(|| service.metrics().get("astlas_errors_total{kind=\"job-given-up\"}").copied());

    // Several questions are several calls.
    let asker = key(&sandbox, "asker", "index");
    let questions = |count: usize| {
        let query = json!({"path": "/api/v1/repomap", "body": {"repo_id": "a/b", "commit_sha": "c1"}});
        post(&service, &asker, "/api/v1/batch/query", &json!({"queries": vec![query; count]}))
    };
    let (status, refusal) = questions(3);
    assert_eq!((status, refusal["detail"].as_str().unwrap().contains("two")), (429, true), "{refusal}");
    assert_eq!((questions(2).0, questions(1).0), (200, 429));

    // Of several groups, all pass or none: what one refuses, another has not paid for.
    let mixed = key(&sandbox, "mixed", "index");
    let query = |path: &str| json!({"path": path, "body": {"repo_id": "a/b", "commit_sha": "c1"}});
    let batch = |paths: &[&str]| {
        let queries: Vec<_> = paths.iter().map(|path| query(path)).collect();
        post(&service, &mixed, "/api/v1/batch/query", &json!({"queries": queries}))
    };
    let (map, parse) = ("/api/v1/repomap", "/api/v1/ast/parse");
    let (status, refusal) = batch(&[map, parse, parse]);
    assert_eq!((status, refusal["detail"].as_str().unwrap().contains("parses")), (429, true), "{refusal}");
    assert_eq!(ask(&service, &mixed, "GET", "/api/v1/usage", vec![]).1["day"]["calls"], 0);
    assert_eq!(batch(&[map, parse, map]).0, 200);
    // One of them has none left: of the other, one may be asked all the same.
    assert_eq!((batch(&[parse]).0, batch(&[map]).0, batch(&[map]).0), (429, 200, 429));

    // What is stored is known again by who knows nothing any more.
    assert!(service.stop());
    let service = configured(&sandbox);
    let usage = ask(&service, &many, "GET", "/api/v1/usage", vec![]).1;
    assert_eq!(usage["stored_bytes"], 60_000, "{usage}");
}

#[test]
fn options_may_stand_behind_the_command_and_a_key_that_is_to_end_holds_for_a_day_or_more() {
    let sandbox = sandbox();
    sandbox.write("astlas.toml", b"");
    tenants(&sandbox, &["create", "acme", "--config", "astlas.toml"]).ok();
    for days in ["0", "36501", "18446744073709551615"] {
        let error = tenants(&sandbox, &["create-key", "acme", "--expires-in-days", days]).error(2);
        assert!(error.contains("1..=36500"), "{error}");
    }
    tenants(&sandbox, &["create-key", "acme", "--expires-in-days", "36500"]).ok();
}
