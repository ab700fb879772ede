//! What the service counts.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::service::{Service, archive, header, sandbox, until};

#[test]
fn what_happened_is_counted_under_names_that_are_documented() {
    let sandbox = sandbox();
    let service = Service::start(&sandbox);
    let job = service.index("c1", None, archive(&sandbox));
    assert_eq!(job["state"], "done", "{job}");
    let body = json!({"repo_id": "a", "files": {"a.py": "def a(): pass\n", "b.rs": "fn b() {}\n"}});
    assert_eq!(service.post("/api/v1/batch/parse", &body).0, 200);
    for path in 0..50 {
        service.get(&format!("/made/up/{path}"));
        service.get(&format!("/api/v1/jobs/{path}"));
    }
    service.write("BREW /api/v1/repomap HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    // The message is done a moment after its job, an instance after its answer is out.
    let worked = "astlas_message_duration_seconds_count{outcome=\"done\"}";
    until(|| service.metrics().get(worked).filter(|count| **count == 1.0).copied());
    until(|| (service.metrics()["astlas_function_instances_used{function=\"query\"}"] == 0.0).then_some(()));
    let response = service.get("/metrics");
    assert!(header(&response, "content-type").unwrap().starts_with("text/plain; version=0.0.4"));
    let metrics = service.metrics();
    for (name, value) in [
        ("astlas_http_requests_total{method=\"GET\",route=\"other\",status=\"4xx\"}", 50.0),
        ("astlas_http_requests_total{method=\"other\",route=\"/api/v1/repomap\",status=\"4xx\"}", 1.0),
        ("astlas_errors_total{kind=\"not-found\"}", 50.0),
        ("astlas_errors_total{kind=\"unknown-job\"}", 50.0),
        ("astlas_parse_files_total{language=\"rust\"}", 1.0),
        ("astlas_parse_files_total{language=\"python\"}", 13.0),
        ("astlas_queue_depth", 0.0),
        ("astlas_queue_age_seconds", 0.0),
        ("astlas_graph_nodes_sum", 12.0),
        ("astlas_graph_edges_sum", 12.0),
        ("astlas_graph_build_duration_seconds_count", 1.0),
        ("astlas_stage_duration_seconds_count{function=\"build\",stage=\"graph\"}", 1.0),
        ("astlas_function_instances_limit{function=\"query\"}", 64.0),
        ("astlas_function_instances_used{function=\"query\"}", 0.0),
        // The one that asks.
        ("astlas_http_requests_in_flight", 1.0),
    ] {
        assert_eq!(metrics.get(name), Some(&value), "{name}: {metrics:?}");
    }
    let duration =
        "astlas_http_request_duration_seconds_count{method=\"POST\",route=\"/api/v1/batch/parse\",status=\"2xx\"}";
    assert_eq!(metrics.get(duration), Some(&1.0));

    let documented = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/metrics.md")).unwrap();
    let text = String::from_utf8(response.into_body()).unwrap();
    let names: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    assert!(names.len() > 12);
    for name in names {
        assert!(documented.contains(&format!("| `{name}` |")), "{name}");
    }
}

#[test]
fn every_operation_of_the_document_has_a_route_of_its_own() {
    let service = Service::start(&sandbox());
    let document: Value = serde_json::from_slice(service.get("/openapi.json").body()).unwrap();
    let mut routes = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let parts =
            path.split('{').map(|part| part.split_once('}').map_or(part.to_owned(), |(_, rest)| format!("x{rest}")));
        let asked: String = parts.collect();
        for method in methods.as_object().unwrap().keys() {
            service.send(&method.to_uppercase(), &asked, &[], vec![]);
            let counted = format!("route=\"{path}\"");
            let metrics = service.metrics();
            assert!(metrics.keys().any(|name| name.contains(&counted)), "{method} {path}");
        }
        routes.insert(path);
    }
    assert!(routes.len() >= 10);
}
