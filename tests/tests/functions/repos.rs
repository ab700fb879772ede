//! Repositories: listed, pinned, forgotten, swept.

use serde_json::{Value, json};

use crate::{FILES, Service, archive};

fn repos(service: &Service) -> Value {
    service.ask("GET", "/api/v1/repos", None).1["repos"].clone()
}

fn can_ask(service: &Service, commit: &str) -> bool {
    service.post("/api/v1/graph/cycles", &json!({"repo_id": "acme/app", "commit_sha": commit})).0 == 200
}

#[test]
fn repositories_are_listed_and_forgotten() {
    let service = Service::default();
    assert_eq!(repos(&service), json!([]));
    assert_eq!(service.ask("DELETE", "/api/v1/repos/acme/app", None).0, 404);
    // What is not there cannot be kept, and what is misspelt would be swept.
    let (status, refused) = service.ask("PUT", "/api/v1/repos/acme/app/pin", None);
    assert_eq!((status, &refused["type"]), (404, &json!("/docs#unknown-commit")), "{refused}");
    assert!(refused["detail"].as_str().unwrap().starts_with("acme/app: nothing of it is indexed"), "{refused}");
    assert_eq!(service.ports.blobs(), [""; 0]);
    service.index("c1", None, archive(&FILES));
    service.ports.wait(60);
    service.index("c2", None, archive(&FILES));
    assert_eq!(
        service.ask("PUT", "/api/v1/repos/acme%2Fapp/pin", None).1,
        json!({"repo_id": "acme/app", "pinned": true})
    );
    let listed = repos(&service);
    assert_eq!((&listed[0]["repo_id"], &listed[0]["pinned"]), (&json!("acme/app"), &json!(true)));
    assert_eq!(listed[0]["commits"][0]["commit_sha"], "c2", "the latest first");
    // Another one, whose name goes on from this one's.
    service.ports.place("repos/acme/app/lib/c1/source.tar.gz", &archive(&FILES));
    service.post("/api/v1/jobs/index_repo", &json!({"repo_id": "acme/app/lib", "commit_sha": "c1"}));
    service.deliver();
    assert_eq!(repos(&service).as_array().unwrap().len(), 2);
    assert!(can_ask(&service, "c1"));
    assert_eq!(service.ask("DELETE", "/api/v1/repos/acme/app", None), (200, json!({"commits": 2})));
    assert!(!can_ask(&service, "c1") && !can_ask(&service, "c2"));
    assert_eq!(service.ask("PUT", "/api/v1/repos/acme/app/pin", None).0, 404);
    assert_eq!(repos(&service)[0]["repo_id"], "acme/app/lib");
    let left = service.ports.blobs().into_iter().filter(|name| !name.starts_with("jobs/"));
    let left: Vec<String> = left.map(|name| name.split('@').next().unwrap().to_owned()).collect();
    assert_eq!(
        left,
        [
            "indexes/acme%2Fapp%2Flib/c1",
            "pins/acme%2Fapp",
            "repos/acme/app/lib/c1/source.tar.gz",
            "sources/acme%2Fapp%2Flib/c1"
        ]
    );
    // It can be indexed again.
    service.index("c1", None, archive(&FILES));
    assert!(can_ask(&service, "c1"));
}

#[test]
fn what_came_in_and_was_never_indexed_is_forgotten_as_well() {
    let service = Service::default();
    for repository in ["acme/app", "acme/app/lib"] {
        service.ask("PUT", &format!("/api/v1/repos/{repository}/c1/archive"), Some(archive(&FILES)));
    }
    assert_eq!(service.ask("DELETE", "/api/v1/repos/acme/app", None), (200, json!({"commits": 0})));
    assert_eq!(service.ports.blobs(), ["archives/acme%2Fapp%2Flib/c1"]);
    assert_eq!(service.ask("DELETE", "/api/v1/repos/acme/app", None).0, 404);
    // Of one that is indexed, too.
    service.index("c1", None, archive(&FILES));
    service.ask("PUT", "/api/v1/repos/acme/app/c2/archive", Some(archive(&FILES)));
    assert_eq!(service.ask("DELETE", "/api/v1/repos/acme/app", None), (200, json!({"commits": 1})));
    assert!(service.ports.blobs().iter().all(|name| !name.contains("acme%2Fapp/")), "{:?}", service.ports.blobs());
}

#[test]
fn what_is_old_is_swept_unless_it_is_pinned() {
    let service = Service::default();
    service.index("c1", None, archive(&FILES));
    service.ports.wait(20 * 24 * 3600);
    service.index("c2", None, archive(&FILES));
    service.ports.wait(11 * 24 * 3600);
    service.ask("PUT", "/api/v1/repos/acme/app/pin", None);
    assert_eq!(service.post("/internal/sweep", &json!({})), (200, json!({"commits": 0})));
    assert_eq!(service.ask("DELETE", "/api/v1/repos/acme/app/pin", None).1["pinned"], false);
    assert_eq!(service.post("/internal/sweep", &json!({})), (200, json!({"commits": 1})));
    assert!(!can_ask(&service, "c1") && can_ask(&service, "c2"));
    assert_eq!(service.post("/internal/sweep", &json!({"older_than_days": 1})), (200, json!({"commits": 1})));
    assert_eq!(service.ports.blobs(), [""; 0]);
    assert_eq!(service.post("/internal/sweep", &json!({"older_than_days": -1})).0, 422);
}
