//! Events of the forge.

use serde_json::{Value, json};

use crate::{FILES, Service, archive};

/// Sends an event, signed as the ports take it.
fn send(service: &Service, event: &str, delivery: &str, body: &Value) -> (u16, Value) {
    let body = body.to_string().into_bytes();
    let signature = format!("sha256={}", body.len());
    let headers =
        [("x-hub-signature-256", signature.as_str()), ("x-github-event", event), ("x-github-delivery", delivery)];
    let response = service.signed("POST", "/webhooks/github", &headers, Some(body));
    (response.status, serde_json::from_slice(&response.body).unwrap())
}

fn push(before: &str, after: &str) -> Value {
    json!({
        "ref": "refs/heads/main", "before": before, "after": after, "deleted": false,
        "repository": {"id": 1, "full_name": "acme/app", "private": true},
        "commits": [{"id": after, "added": [], "removed": [], "modified": ["app/tools.py"]}],
    })
}

fn pull_request(action: &str) -> Value {
    json!({
        "action": action, "number": 7,
        "pull_request": {"head": {"ref": "change", "sha": "c2"}, "base": {"ref": "main", "sha": "c1"}},
        "repository": {"full_name": "acme/app"},
    })
}

fn forge() -> Service {
    let service = Service::default();
    service.ports.push("acme/app", "c1", archive(&FILES));
    let mut files = FILES;
    files[1].1 = "def slugify(text, sep):\n    return text.lower()\n";
    service.ports.push("acme/app", "c2", archive(&files));
    service
}

#[test]
fn a_push_is_indexed() {
    let service = forge();
    let (status, accepted) = send(&service, "push", "d1", &push("0000000000", "c1"));
    assert_eq!((status, accepted["jobs"].as_array().unwrap().len()), (202, 1), "{accepted}");
    assert_eq!(service.deliver(), [204]);
    let (_, accepted) = send(&service, "push", "d2", &push("c1", "c2"));
    assert_eq!(service.deliver(), [204]);
    let (_, job) = service.ask("GET", &format!("/api/v1/jobs/{}", accepted["jobs"][0].as_str().unwrap()), None);
    assert_eq!(
        (&job["state"], &job["result"]["parsed"], &job["result"]["cached"]),
        (&json!("done"), &json!(1), &json!(2))
    );
    let commits = service.ask("GET", "/api/v1/repos", None).1["repos"][0]["commits"].as_array().unwrap().len();
    assert_eq!(commits, 2);
    // A replay does nothing.
    assert_eq!(send(&service, "push", "d2", &push("c1", "c2")).1["ignored"], "it came before");
    assert_eq!(service.deliver(), [0u16; 0]);
}

#[test]
fn a_pull_request_has_its_context_made() {
    let service = forge();
    let (status, accepted) = send(&service, "pull_request", "d1", &pull_request("opened"));
    assert_eq!((status, accepted["jobs"].as_array().unwrap().len()), (202, 2), "{accepted}");
    assert_eq!(service.deliver(), [204, 204]);
    assert_eq!(service.ports.logged(), [""; 0]);
    // It is there: nothing is needed to answer it.
    service.ports.forget_kind("graph");
    service.ports.set_down(true);
    let body = json!({"repo_id": "acme/app", "commit_sha": "c2", "base_sha": "c1"});
    let (status, context) = service.post("/api/v1/pr/context", &body);
    assert_eq!((status, &context["changed_files"][0]["file"]), (200, &json!("app/tools.py")), "{context}");
}

#[test]
fn what_is_not_to_be_taken_on_is_refused() {
    let service = forge();
    let body = push("c1", "c2").to_string().into_bytes();
    for signature in ["", "sha256=0", "nobody knows"] {
        let headers = [("x-hub-signature-256", signature), ("x-github-event", "push")];
        let response = service.signed("POST", "/webhooks/github", &headers, Some(body.clone()));
        assert_eq!(response.status, 401, "{signature}");
    }
    for (event, body, status) in [
        ("ping", json!({"zen": "Keep it logically awesome."}), 202),
        ("push", push("c1", "0000000000"), 202),
        ("pull_request", pull_request("labeled"), 202),
        ("issues", json!({}), 422),
        ("push", json!({}), 422),
        ("push", json!({"before": "a", "after": "../x", "repository": {"full_name": "a"}}), 422),
        ("push", json!({"before": "a", "after": "b", "repository": {"full_name": "../a"}}), 422),
        ("pull_request", json!({"action": "opened"}), 422),
    ] {
        assert_eq!(send(&service, event, &format!("{event} {body}"), &body).0, status, "{event} {body}");
    }
    assert_eq!(service.ports.published().len(), 0);
    // The forge does not have it: the job says so.
    let (_, accepted) = send(&service, "push", "d1", &push("c1", "c9"));
    assert_eq!(service.deliver(), [204]);
    let (_, job) = service.ask("GET", &format!("/api/v1/jobs/{}", accepted["jobs"][0].as_str().unwrap()), None);
    assert!(job["state"] == "failed" && job["error"].as_str().unwrap().contains("404"), "{job}");
    // What could not be taken on may come again.
    service.ports.set_down(true);
    assert_eq!(send(&service, "push", "d3", &push("c1", "c2")).0, 503);
    service.ports.set_down(false);
    assert_eq!(send(&service, "push", "d3", &push("c1", "c2")).1["jobs"].as_array().unwrap().len(), 1);
}
