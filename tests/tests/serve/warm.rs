//! Repositories that stay open in instances, from one question to the next.

use serde_json::json;

use crate::service::{PATIENCE, Service, archive, sandbox};

/// How often the graph of a commit was asked of the cache.
fn opened(service: &Service) -> f64 {
    let is_graph = |name: &str| {
        name.starts_with("astlas_cache_requests_total") && name.contains("\"graph\"") && name.contains("\"memory\"")
    };
    service.metrics().iter().filter(|(name, _)| is_graph(name)).map(|(_, count)| count).sum()
}

/// Waits until so many instances wait: one does only after its answer is out.
fn until_waiting(service: &Service, count: f64) {
    let begun = std::time::Instant::now();
    while service.metrics()["astlas_warm_instances"] != count {
        assert!(begun.elapsed() < PATIENCE, "{:?}", service.metrics());
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

fn ask(service: &Service, file: u32) -> u16 {
    let body = json!({"repo_id": "acme/app", "commit_sha": "c1", "file_path": format!("app/part{file}.py")});
    service.post("/api/v1/graph/dependencies", &body).0
}

#[test]
fn a_repository_is_opened_once_for_many_questions() {
    let sandbox = sandbox();
    let service = Service::start(&sandbox);
    service.index("c1", None, archive(&sandbox));
    let before = opened(&service);
    for file in 0..8 {
        assert_eq!(ask(&service, file), 200);
        until_waiting(&service, 1.0);
    }
    assert_eq!(opened(&service) - before, 1.0);
    assert!(service.metrics()["astlas_warm_bytes"] > 1e6);
    // Several questions count as one; what is not known takes nobody's place.
    let question = |repository: &str, file: u32| {
        let body = json!({"repo_id": repository, "commit_sha": "c1", "file_path": format!("app/part{file}.py")});
        json!({"path": "/api/v1/graph/dependents", "body": body})
    };
    let several = json!({"queries": [question("acme/app", 1), question("acme/app", 2)]});
    assert_eq!(service.post("/api/v1/batch/query", &several).0, 200);
    until_waiting(&service, 1.0);
    assert_eq!(opened(&service) - before, 1.0);
    let unknown = json!({"repo_id": "acme/other", "commit_sha": "c1", "file_path": "a.py"});
    assert_eq!(service.post("/api/v1/graph/dependencies", &unknown).0, 404);
    assert_eq!(service.metrics()["astlas_warm_instances"], 1.0);
    // What is open is not what is known.
    assert_eq!(service.ask("DELETE", "/api/v1/repos/acme/app", vec![]).0, 200);
    assert_eq!(ask(&service, 9), 404);
}

#[test]
fn without_memory_for_them_no_instance_waits() {
    let sandbox = sandbox();
    let service = Service::start_with(&sandbox, &[("ASTLAS_FUNCTIONS_WARM_BYTES", "0")]);
    service.index("c1", None, archive(&sandbox));
    let before = opened(&service);
    for file in 0..4 {
        assert_eq!(ask(&service, file), 200);
    }
    assert_eq!(opened(&service) - before, 4.0);
    assert_eq!(service.metrics()["astlas_warm_instances"], 0.0);
}
