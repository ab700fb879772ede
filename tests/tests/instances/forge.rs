//! A forge: its events, signed, lead to archives that are fetched from it.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    thread,
};

use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{
    cluster::until,
    service::{Service, archive, sandbox},
};

const SECRET: &str = "what only two know";
const TOKEN: &str = "of the app";

/// Serves these archives by path, to who has the token, for as long as the test runs. Its address.
fn forge(archives: BTreeMap<String, Vec<u8>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(&stream);
            let (mut lines, mut line) = (vec![], String::new());
            while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                lines.push(std::mem::take(&mut line));
            }
            let path = lines.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned();
            let has_token =
                lines.iter().any(|line| line.trim().eq_ignore_ascii_case(&format!("authorization: bearer {TOKEN}")));
            let found = archives.get(&path).filter(|_| has_token);
            let (status, body) = found.map_or(("404 Not Found", &[][..]), |body| ("200 OK", body.as_slice()));
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            let mut stream = &stream;
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
        }
    });
    address
}

fn send(service: &Service, event: &str, delivery: &str, secret: &str, body: &Value) -> (u16, Value) {
    let body = body.to_string().into_bytes();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(&body);
    let signature: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let signature = format!("sha256={signature}");
    let headers = [("x-github-event", event), ("x-github-delivery", delivery), ("x-hub-signature-256", &signature)];
    let response = service.send("POST", "/webhooks/github", &headers, body);
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
}

#[test]
fn events_of_the_forge_lead_to_answers() {
    let own = sandbox();
    let before = archive(&own);
    own.write("app/part4.py", b"def run4(text, more):\n    return text\n");
    let path = |commit: &str| format!("/repos/acme/app/tarball/{commit}");
    let address = forge(BTreeMap::from([(path("c1"), before), (path("c2"), archive(&own))]));
    let variables =
        [("ASTLAS_FORGE_API", address.as_str()), ("ASTLAS_FORGE_TOKEN", TOKEN), ("ASTLAS_FORGE_SECRET", SECRET)];
    let service = Service::start_with(&own, &variables);
    let none = "0".repeat(40);
    let push =
        json!({"ref": "refs/heads/main", "before": none, "after": "c1", "repository": {"full_name": "acme/app"}});
    assert_eq!(send(&service, "push", "d1", "another secret", &push).0, 401);
    let (status, accepted) = send(&service, "push", "d1", SECRET, &push);
    assert_eq!(status, 202, "{accepted}");
    let job = format!("/api/v1/jobs/{}", accepted["jobs"][0].as_str().unwrap());
    until("the push is indexed", || service.ask("GET", &job, vec![]).1["state"] == "done");
    let (_, again) = send(&service, "push", "d1", SECRET, &push);
    assert_eq!(again["jobs"], json!([]), "a replay");

    let opened = json!({
        "action": "opened", "number": 1, "repository": {"full_name": "acme/app"},
        "pull_request": {"head": {"sha": "c2"}, "base": {"sha": "c1"}},
    });
    let (_, accepted) = send(&service, "pull_request", "d2", SECRET, &opened);
    let job = format!("/api/v1/jobs/{}", accepted["jobs"][0].as_str().unwrap());
    until("the change is indexed", || service.ask("GET", &job, vec![]).1["state"] == "done");
    // Its context is made by nobody's asking: only for that is anything ranked.
    let ranked = "astlas_stage_duration_seconds_count{function=\"rank\",stage=\"ranker\"}";
    until("its context is made", || service.metrics().get(ranked).is_some_and(|count| *count >= 1.0));
    let body = json!({"repo_id": "acme/app", "commit_sha": "c2", "base_sha": "c1"});
    let (status, context) = service.post("/api/v1/pr/context", &body);
    assert_eq!((status, &context["changed_files"][0]["file"]), (200, &json!("app/part4.py")), "{context}");

    let unknown =
        json!({"ref": "refs/heads/x", "before": none, "after": "c9", "repository": {"full_name": "acme/app"}});
    let (_, accepted) = send(&service, "push", "d3", SECRET, &unknown);
    let job = format!("/api/v1/jobs/{}", accepted["jobs"][0].as_str().unwrap());
    until("the job has failed", || service.ask("GET", &job, vec![]).1["state"] == "failed");
    assert!(service.ask("GET", &job, vec![]).1["error"].as_str().unwrap().contains("404"));
    let (worked, lines) = {
        service.tell_to_stop();
        service.ended()
    };
    assert!(worked);
    let said = lines.join("\n");
    assert!(!said.contains(SECRET) && !said.contains(TOKEN), "{said}");
}
