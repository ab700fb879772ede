//! How the service is, as it says.

use crate::service::{Service, archive, header, sandbox, until};

/// Most memory of a service that was asked for little, in bytes.
const AT_REST: f64 = 120e6;

#[test]
fn a_service_that_is_well_says_so() {
    let service = Service::start(&sandbox());
    assert_eq!(service.get("/health/live").status(), 200);
    // Whatever a dependency takes more than two seconds for counts as failed, for a second.
    until(|| (service.get("/health/ready").status() == 200).then_some(()));
    let health = until(|| {
        let (status, health) = service.ask("GET", "/health", vec![]);
        (status == 200 && health["status"] == "ok").then_some(health)
    });
    for dependency in ["cache", "blobs", "room"] {
        let dependency = &health["dependencies"][dependency];
        assert_eq!(dependency["state"], "ok", "{health}");
        assert!(dependency["latency_ms"].as_f64().is_some_and(|latency| latency > 0.0), "{health}");
    }
    let parser = &health["parser"];
    assert_eq!(parser["state"], "ok", "{health}");
    assert!(parser["parse_ms"].as_f64().is_some() && parser["languages"].as_u64().is_some_and(|known| known > 40));
    assert!(health["uptime_seconds"].as_u64().is_some() && health["version"].as_str().is_some());
    assert!(service.metrics()["process_resident_memory_bytes"] < AT_REST);
}

#[test]
fn a_service_on_a_full_disk_answers_what_it_has_and_says_so() {
    let sandbox = sandbox();
    let service = Service::start(&sandbox);
    assert_eq!(service.index("c1", None, archive(&sandbox))["state"], "done");
    let asked = serde_json::json!({"repo_id": "acme/app", "commit_sha": "c1"});
    assert_eq!(service.post("/api/v1/repomap", &asked).0, 200);
    assert!(service.stop());
    // There is room for small values still.
    let service = Service::start_without_room(&sandbox, 512 << 10);
    let (status, health) = service.ask("GET", "/health", vec![]);
    assert_eq!((status, health["status"].as_str()), (200, Some("degraded")), "{health}");
    let states = ["blobs", "room"].map(|name| health["dependencies"][name]["state"].as_str().unwrap_or_default());
    assert_eq!(states, ["ok", "failed"], "{health}");
    assert_eq!(service.get("/health/ready").status(), 200);
    assert_eq!(service.post("/api/v1/repomap", &asked).0, 200);
    let (status, refused) = service.ask("PUT", "/api/v1/repos/acme/app/c2/archive", vec![b'x'; 1 << 20]);
    assert_eq!(status, 503, "{refused}");
}

#[test]
fn a_service_without_its_blobs_is_not_ready() {
    let sandbox = sandbox();
    sandbox.write("file", b"no folder");
    let folder = sandbox.tree().join("file");
    let service = Service::start_with(&sandbox, &[("ASTLAS_BLOBS_FOLDER", folder.to_str().unwrap())]);
    assert_eq!(service.get("/health/live").status(), 200);
    for path in ["/health/ready", "/health"] {
        let response = service.get(path);
        assert_eq!(response.status(), 503, "{path}");
        assert!(header(&response, "retry-after").is_some(), "{path}");
        assert!(String::from_utf8_lossy(response.body()).contains("blobs"), "{path}");
    }
    until(|| {
        let (_, health) = service.ask("GET", "/health", vec![]);
        assert_eq!(health["status"], "unavailable", "{health}");
        health["dependencies"]["cache"]["error"].is_null().then_some(())
    });
    // It comes back by itself.
    std::fs::remove_file(&folder).unwrap();
    std::fs::create_dir(&folder).unwrap();
    until(|| (service.get("/health/ready").status() == 200).then_some(()));
}
