//! `astlas jobs`, beside a service that works on its jobs by itself.

use astlas_tests::{Ended, Sandbox, archives::zip, ended};
use serde_json::{Value, json};

use crate::service::{Service, command, sandbox};

fn jobs(sandbox: &Sandbox, arguments: &[&str]) -> Ended {
    ended(command(sandbox).arg("jobs").args(arguments).output().unwrap())
}

fn json_of(ended: Ended) -> Value {
    serde_json::from_str(&ended.ok()).unwrap()
}

#[test]
fn jobs_are_listed_and_done_after_all() {
    let sandbox = sandbox();
    let service = Service::start(&sandbox);
    let failed = service.index("c1", None, zip(&[("app-main/logo.png", b"no source")]));
    let id = failed["job_id"].as_str().unwrap();
    let done = service.index("c2", None, zip(&[("app-main/app.py", b"def run(): pass\n")]));
    assert_eq!((&failed["state"], &done["state"]), (&json!("failed"), &json!("done")));
    let states = |query: &str| {
        let (status, listed) = service.ask("GET", &format!("/api/v1/jobs{query}"), vec![]);
        assert_eq!(status, 200, "{listed}");
        listed["jobs"].as_array().unwrap().iter().map(|job| job["state"].clone()).collect::<Vec<_>>()
    };
    // Of one second, either may be the first.
    let mut all = states("");
    all.sort_by_key(Value::to_string);
    assert_eq!(all, ["done", "failed"]);
    assert_eq!(states("?state=failed"), ["failed"]);
    assert_eq!(service.ask("GET", "/api/v1/jobs?state=other", vec![]).0, 422);

    let listed = jobs(&sandbox, &[]).ok();
    assert!(listed.contains(id) && listed.contains("failed") && listed.contains("done"), "{listed}");
    let listed = json_of(jobs(&sandbox, &["list", "--state", "failed", "--format", "json"]));
    assert_eq!((&listed["jobs"][0]["job_id"], listed["jobs"].as_array().unwrap().len()), (&json!(id), 1));
    // One that has nothing yet is another thing than a name that is nobody's.
    crate::tenants::key(&sandbox, "other", "read");
    assert_eq!(json_of(jobs(&sandbox, &["--tenant", "other", "--format", "json"]))["jobs"], json!([]));
    let sweep = |tenant: &str| ended(command(&sandbox).args(["sweep", "--tenant", tenant]).output().unwrap());
    assert_eq!(sweep("other").ok(), "{\"tenant\":\"other\",\"removed\":{\"commits\":0}}\n");
    assert_eq!(sweep("local").ok(), "{\"tenant\":\"local\",\"removed\":{\"commits\":0}}\n");
    let error = sweep("nope").error(1);
    assert!(error.contains("nothing belongs to a tenant nope") && error.contains("`astlas tenants list`"), "{error}");
    let (status, refused) = service.ask("POST", "/api/v1/jobs/xyz/retry", vec![]);
    assert!(status == 404 && refused["detail"] == "xyz: there is no such job; GET /api/v1/jobs lists those there are");
    service.ask("PUT", "/api/v1/repos/acme/app/c1/archive", zip(&[("app-main/app.py", b"def run(): pass\n")]));
    jobs(&sandbox, &["retry", id]).ok();
    assert_eq!(json_of(jobs(&sandbox, &["show", id, "--format", "json"]))["state"], "done");
    // What another process did is there for all.
    let body = json!({"repo_id": "acme/app", "commit_sha": "c1", "symbol": "run"});
    assert_eq!(service.post("/api/v1/symbols/search", &body).1["symbols"].as_array().unwrap().len(), 1);
    for (arguments, code, words) in [
        (["cancel", id], 1, "is done already"),
        (["retry", id], 1, "is done; only what failed"),
        (["show", "0a"], 1, "local has no job 0a; `astlas jobs"),
        (["retry", "xyz"], 1, "local has no job xyz; `astlas jobs"),
        (["--tenant", "nope"], 1, "nothing belongs to a tenant nope"),
        (["show", "../0a"], 2, "no id of a job"),
        (["--state", "none"], 2, "possible values"),
    ] {
        let refused = jobs(&sandbox, &arguments);
        assert_eq!(refused.code, Some(code), "{arguments:?}");
        assert!(refused.stderr.contains(words), "{arguments:?}: {}", refused.stderr);
    }
}
