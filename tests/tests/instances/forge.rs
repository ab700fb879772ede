//! A forge: its events, signed, lead to archives that are fetched from it.

use astlas_test_servers::{Fault, FaultProxy, Forge, Way};
use astlas_tests::{Sandbox, archives::zip};
use serde_json::{Value, json};

use crate::{
    cluster::until,
    service::{Service, sandbox},
};

const SECRET: &str = "what only two know";
const TOKEN: &str = "of the app";

fn send(service: &Service, event: &str, delivery: &str, secret: &str, body: &Value) -> (u16, Value) {
    let body = body.to_string().into_bytes();
    let signature = Forge::signature(secret, &body);
    let headers = [("x-github-event", event), ("x-github-delivery", delivery), ("x-hub-signature-256", &signature)];
    let response = service.send("POST", "/webhooks/github", &headers, body);
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
}

/// The sandbox's tree as forges pack it.
fn packed(sandbox: &Sandbox) -> Vec<u8> {
    let file = |number| {
        let path = format!("app/part{number}.py");
        let content = std::fs::read(sandbox.tree().join(&path)).unwrap();
        (format!("acme-app-0f/{path}"), content)
    };
    let files: Vec<(String, Vec<u8>)> = (0..12).map(file).collect();
    zip(&files.iter().map(|(path, content)| (path.as_str(), content.as_slice())).collect::<Vec<_>>())
}

#[test]
fn events_of_the_forge_lead_to_answers() {
    let own = sandbox();
    let forge = Forge::start(TOKEN);
    forge.push("acme/app", "c1", packed(&own));
    own.write("app/part4.py", b"def run4(text, more):\n    return text\n");
    forge.push("acme/app", "c2", packed(&own));
    let variables =
        [("ASTLAS_FORGE_API", forge.address()), ("ASTLAS_FORGE_TOKEN", TOKEN), ("ASTLAS_FORGE_SECRET", SECRET)];
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

/// A proxy before the forge that is as good as no forge: it breaks off whatever is asked.
fn gone(forge: &Forge) -> FaultProxy {
    let proxy = FaultProxy::before(forge.address().rsplit(':').next().unwrap().parse().unwrap());
    proxy.set(Fault::CutAfter(Way::Both, 0));
    proxy
}

#[test]
fn a_push_is_not_lost_while_the_forge_is_gone() {
    let (own, forge) = (sandbox(), Forge::start(TOKEN));
    forge.push("acme/app", "c1", packed(&own));
    let proxy = gone(&forge);
    let api = format!("http://127.0.0.1:{}", proxy.port());
    let variables =
        [("ASTLAS_FORGE_API", api.as_str()), ("ASTLAS_FORGE_TOKEN", TOKEN), ("ASTLAS_FORGE_SECRET", SECRET)];
    let service = Service::start_with(&own, &variables);
    let job = service.told_of_push("c1", SECRET).unwrap();
    // Others go on meanwhile.
    assert_eq!(service.index("c7", None, packed(&own))["state"], "done");
    let tried = proxy.counts().connections;
    until("it is tried again", || proxy.counts().connections > tried);
    assert_eq!(service.ask("GET", &job, vec![]).1["state"], "running");
    proxy.set(Fault::Pass);
    until("the push is indexed after all", || service.ask("GET", &job, vec![]).1["state"] == "done");
    assert!(service.stop());

    // One that is not back before the service ends: what is not done is said, and can be done after all.
    proxy.set(Fault::CutAfter(Way::Both, 0));
    let service = Service::start_with(&own, &variables);
    let job = service.told_of_push("c2", SECRET).unwrap();
    assert!(service.stop());
    let service = Service::start_with(&own, &variables);
    let (_, dead) = service.ask("GET", "/api/v1/jobs?state=dead", vec![]);
    assert_eq!(dead["jobs"].as_array().unwrap().len(), 1, "{dead}");
    assert!(dead["jobs"][0]["error"].as_str().unwrap().contains("/zipball/c2"), "{dead}");
    assert_eq!(service.ask("POST", &format!("{job}/retry"), vec![]).0, 202);
}
