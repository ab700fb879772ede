//! Jobs that are cut into batches: whatever is lost, doubled or late, the index is that of an uncut one.

use serde_json::{Value, json};

use crate::{Service, archive, with_base};

/// More files than one worker takes on by itself.
pub fn many() -> Vec<(String, String)> {
    (0..350).map(|n| (format!("app/f{n:03}.py"), format!("import app.f{:03}\n\ndef f{n}(): pass\n", n / 2))).collect()
}

pub fn packed(files: &[(String, String)]) -> Vec<u8> {
    archive(&files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>())
}

/// Starts a job: its id, and what it published after the first message was taken.
fn cut(service: &Service, commit: &str) -> (String, Vec<Vec<u8>>) {
    service.ask("PUT", &format!("/api/v1/repos/acme/app/{commit}/archive"), Some(packed(&many())));
    let id = start(service, commit);
    assert_eq!(service.deliver(), [204]);
    (id, service.ports.published())
}

pub fn start(service: &Service, commit: &str) -> String {
    let (status, started) = service.post("/api/v1/jobs/index_repo", &with_base(commit, None));
    assert_eq!(status, 202, "{started}");
    started["job_id"].as_str().unwrap().to_owned()
}

pub fn job(service: &Service, id: &str) -> Value {
    service.ask("GET", &format!("/api/v1/jobs/{id}"), None).1
}

fn ranks(service: &Service, commit: &str) -> Value {
    let body = json!({"repo_id": "acme/app", "commit_sha": commit, "limit": 0});
    let (status, ranked) = service.post("/api/v1/graph/important_files", &body);
    assert_eq!(status, 200, "{ranked}");
    ranked
}

#[test]
fn batches_in_any_order_and_twice_make_one_index() {
    let service = Service::default();
    let (id, mut batches) = cut(&service, "c1");
    assert_eq!(batches.len(), 4);
    let now = job(&service, &id);
    assert_eq!((&now["state"], &now["batches"], &now["batches_done"]), (&json!("running"), &json!(4), &json!(0)));
    batches.reverse();
    for batch in batches[..3].iter().chain(&batches[..2]) {
        assert_eq!(service.push(batch), 204);
    }
    let now = job(&service, &id);
    assert_eq!((&now["state"], &now["batches_done"]), (&json!("running"), &json!(3)));
    let body = json!({"repo_id": "acme/app", "commit_sha": "c1"});
    assert_eq!(service.post("/api/v1/graph/cycles", &body).0, 404);
    assert_eq!(service.push(&batches[3]), 204);
    let done = job(&service, &id);
    assert_eq!(
        (&done["state"], &done["result"]["parsed"], &done["batches_done"]),
        (&json!("done"), &json!(350), &json!(4))
    );
    // What comes once more changes nothing.
    let index = service.ports.only_blob("indexes/acme%2Fapp/c1@");
    for batch in &batches {
        assert_eq!(service.push(batch), 204);
    }
    assert_eq!(job(&service, &id), done);
    assert_eq!(service.ports.only_blob("indexes/acme%2Fapp/c1@"), index);

    // The same as in one piece: a job that is begun again is not cut.
    let whole = Service::default();
    let (id, _) = cut(&whole, "c1");
    whole.ports.wait(200);
    assert_eq!(job(&whole, &id)["attempt"], 2);
    assert_eq!(whole.deliver(), [204]);
    assert_eq!(job(&whole, &id)["state"], "done");
    assert_eq!(ranks(&whole, "c1"), ranks(&service, "c1"));
    assert_eq!(whole.ports.only_blob("indexes/acme%2Fapp/c1@"), index);
}

#[test]
fn a_job_whose_messages_are_lost_is_begun_again_by_who_asks() {
    let service = Service::default();
    let (id, batches) = cut(&service, "c1");
    assert_eq!(service.push(&batches[0]), 204);
    assert_eq!(job(&service, &id)["attempt"], 1, "it is young");
    service.ports.wait(100);
    assert_eq!(service.push(&batches[1]), 204);
    service.ports.wait(100);
    assert_eq!(job(&service, &id)["attempt"], 1, "somebody worked on it just now");
    service.ports.wait(100);
    assert_eq!(job(&service, &id)["attempt"], 2);
    assert_eq!(job(&service, &id)["attempt"], 2, "it was begun just now");
    assert_eq!(service.deliver(), [204]);
    let done = job(&service, &id);
    assert_eq!((&done["state"], &done["result"]["files"]), (&json!("done"), &json!(350)));
    // What is late belongs to a former attempt.
    assert_eq!(service.push(&batches[2]), 204);
    assert_eq!(job(&service, &id), done);
}

#[test]
fn losing_the_cache_loses_no_job() {
    let service = Service::default();
    let (id, batches) = cut(&service, "c1");
    service.push(&batches[0]);
    service.ports.forget();
    assert_eq!(job(&service, &id)["state"], "running");
    for batch in &batches[1..] {
        service.push(batch);
    }
    service.ports.wait(500);
    job(&service, &id);
    assert_eq!(service.deliver(), [204]);
    assert_eq!(job(&service, &id)["state"], "done");
    let ranked = ranks(&service, "c1");
    service.ports.forget();
    assert_eq!(job(&service, &id)["state"], "done");
    assert_eq!(ranks(&service, "c1"), ranked, "from the blobs");

    // Nothing is kept at all.
    let service = Service::default();
    service.ports.set_forgetful(true);
    let (id, batches) = cut(&service, "c1");
    batches.iter().for_each(|batch| assert_eq!(service.push(batch), 204));
    service.ports.wait(500);
    job(&service, &id);
    assert_eq!(service.deliver(), [204]);
    assert_eq!(ranks(&service, "c1"), ranked);
}

#[test]
fn files_in_the_bucket_are_indexed_where_they_are_and_only_what_changed_is_read() {
    let service = Service::default();
    let place = |commit: &str, files: &[(String, String)]| {
        for (path, text) in files {
            service.ports.place(&format!("repos/acme/app/{commit}/{path}"), text.as_bytes());
        }
    };
    let mut files = many()[..20].to_vec();
    place("c1", &files);
    let id = start(&service, "c1");
    assert_eq!(service.deliver(), [204]);
    assert_eq!(job(&service, &id)["result"]["read"], 20);
    files[3].1 += "\ndef added(): pass\n";
    files.remove(5);
    files.push(("app/new.py".into(), "def new(): pass\n".into()));
    place("c2", &files);
    let (_, started) = service.post("/api/v1/jobs/index_repo", &with_base("c2", Some("c1")));
    let id = started["job_id"].as_str().unwrap();
    // The base is found even if the cache has lost it.
    service.ports.forget();
    service.ports.reads();
    assert_eq!(service.deliver(), [204]);
    let result = job(&service, id)["result"].clone();
    assert_eq!(
        (&result["files"], &result["read"], &result["updated"]),
        (&json!(20), &json!(2), &json!(true)),
        "{result}"
    );
    let read: Vec<String> = service.ports.reads().into_iter().filter(|name| name.starts_with("repos/")).collect();
    assert_eq!(read, ["repos/acme/app/c2/app/f003.py", "repos/acme/app/c2/app/new.py"]);
    // A full index is the same.
    let full = Service::default();
    for (path, text) in &files {
        full.ports.place(&format!("repos/acme/app/c2/{path}"), text.as_bytes());
    }
    start(&full, "c2");
    full.deliver();
    assert_eq!(ranks(&full, "c2"), ranks(&service, "c2"));
}

#[test]
fn an_archive_in_the_bucket_may_have_been_put_there_by_others() {
    let service = Service::default();
    service.ports.place("repos/acme/app/c1/source.tar.gz", &packed(&many()[..3]));
    let id = start(&service, "c1");
    assert_eq!(service.deliver(), [204]);
    assert_eq!(job(&service, &id)["result"]["files"], 3);
}

#[test]
fn a_part_of_a_commit_can_be_parsed_ahead() {
    let service = Service::default();
    cut(&service, "c1");
    let body = json!({"repo_id": "acme/app", "commit_sha": "c1", "paths": ["app/f001.py", "app/f002.py", "gone.py"]});
    assert_eq!(service.post("/internal/parse_batch", &body), (200, json!({"parsed": 2, "cached": 0})));
    assert_eq!(service.post("/internal/parse_batch", &body), (200, json!({"parsed": 0, "cached": 2})));
    let unknown = json!({"repo_id": "acme/app", "commit_sha": "c9", "paths": []});
    assert_eq!(service.post("/internal/parse_batch", &unknown).0, 404);
}

#[test]
fn a_job_whose_batches_never_went_out_is_done_when_its_message_comes_again() {
    let service = Service::default();
    service.ask("PUT", "/api/v1/repos/acme/app/c1/archive", Some(packed(&many())));
    let id = start(&service, "c1");
    let message = service.ports.published().remove(0);
    assert_eq!(service.push(&message), 204);
    let batches = service.ports.published();
    assert_eq!(batches.len(), 4);
    // It comes again, because it was not acknowledged: somebody may be at work on the batches.
    assert_eq!(service.push(&message), 503);
    service.ports.wait(200);
    assert_eq!(service.push(&message), 204);
    assert_eq!(job(&service, &id)["state"], "done", "in one piece");
    assert_eq!(service.push(&batches[0]), 204);
    assert_eq!(service.ports.published().len(), 0, "it is done");

    // Where they cannot be handed out, nobody waits.
    let service = Service::default();
    service.ask("PUT", "/api/v1/repos/acme/app/c1/archive", Some(packed(&many())));
    let id = start(&service, "c1");
    let message = service.ports.published().remove(0);
    service.ports.set_closed(true);
    assert_eq!(service.push(&message), 503);
    service.ports.set_closed(false);
    assert_eq!(service.push(&message), 204);
    assert_eq!(service.deliver(), [204; 4]);
    assert_eq!((&job(&service, &id)["state"], &job(&service, &id)["restarts"]), (&json!("done"), &json!(0)));
}

#[test]
fn a_job_that_never_comes_to_its_end_is_given_up() {
    let service = Service::default();
    service.ask("PUT", "/api/v1/repos/acme/app/c1/archive", Some(packed(&many()[..3])));
    let id = start(&service, "c1");
    for attempt in 2..=4 {
        service.ports.wait(200);
        assert_eq!(job(&service, &id)["attempt"], attempt);
    }
    service.ports.published();
    service.ports.wait(200);
    let given_up = job(&service, &id);
    assert_eq!(given_up["state"], "dead", "{given_up}");
    assert_eq!(service.ports.published().len(), 0);
    // Whoever asks for it anew has it begun anew.
    assert_eq!(start(&service, "c1"), id);
    assert_eq!(service.deliver(), [204]);
    assert_eq!(job(&service, &id)["state"], "done");
}

#[test]
fn a_commit_that_is_sent_again_without_source_stays_as_it_was() {
    let service = Service::default();
    service.index("c1", None, packed(&many()[..3]));
    let body = json!({"repo_id": "acme/app", "commit_sha": "c1", "symbol": "f1"});
    let (_, before) = service.post("/api/v1/symbols/search", &body);
    let job = service.index("c1", None, archive(&[("logo.png", "no source")]));
    assert_eq!(job["state"], "failed");
    service.ports.forget();
    assert_eq!(service.post("/api/v1/symbols/search", &body), (200, before));
}
