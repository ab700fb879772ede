//! What the service says in its log.

use serde_json::{Value, json};

use crate::service::{Service, sandbox};

#[test]
fn every_request_leaves_a_line_that_cloud_logging_understands() {
    let variables = [("ASTLAS_TELEMETRY_PROJECT", "acme"), ("ASTLAS_FORGE_SECRET", "s3cret-of-the-forge")];
    let service = Service::start_with(&sandbox(), &variables);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let body = json!({"repo_id": "a", "file_path": "a.py", "content": "def source_of_mine(): pass\n"}).to_string();
    let headers = [("traceparent", parent.as_str()), ("x-request-id", "mine-1")];
    let parsed = service.send("POST", "/api/v1/ast/parse?token=s3cret", &headers, body.into_bytes());
    assert_eq!(parsed.status(), 200);
    service.send("GET", "/nothing", &[("authorization", "Bearer s3cret")], vec![]);
    service.get("/health/live");
    service.tell_to_stop();
    let (is_well, lines) = service.ended();
    assert!(is_well);
    let text = lines.join("\n");
    assert!(!text.contains("source_of_mine") && !text.contains("s3cret"), "{text}");
    let lines: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &lines {
        assert!(line["severity"] == "INFO" && line["message"].is_string(), "{line}");
        assert!(line["time"].as_str().is_some_and(|time| time.ends_with('Z')), "{line}");
    }
    let requests: Vec<&Value> = lines.iter().filter(|line| line["httpRequest"].is_object()).collect();
    // Those who look after the service would fill it.
    assert_eq!(requests.len(), 2, "{text}");
    let (parse, nothing) = (requests[0], requests[1]);
    assert_eq!(parse["logging.googleapis.com/trace"], format!("projects/acme/traces/{trace}"));
    let span = parse["logging.googleapis.com/spanId"].as_str().unwrap();
    assert!(span.len() == 16 && span != "00f067aa0ba902b7");
    assert_eq!(parse["logging.googleapis.com/trace_sampled"], true);
    assert_eq!(parse["logging.googleapis.com/labels"], json!({"request_id": "mine-1", "route": "/api/v1/ast/parse"}));
    let request = &parse["httpRequest"];
    assert_eq!((&request["requestMethod"], &request["status"]), (&json!("POST"), &json!(200)));
    assert_eq!((&request["requestUrl"], &request["protocol"]), (&json!("/api/v1/ast/parse"), &json!("HTTP/1.1")));
    assert!(request["latency"].as_str().is_some_and(|latency| latency.ends_with('s')));
    assert_eq!(request["responseSize"], parsed.body().len().to_string());
    assert_eq!(nothing["logging.googleapis.com/labels"]["kind"], "not-found");
    assert_ne!(nothing["logging.googleapis.com/trace"], parse["logging.googleapis.com/trace"]);
}

#[test]
fn people_get_text_and_no_more_than_they_want() {
    let service = Service::start_with(&sandbox(), &[("ASTLAS_TELEMETRY_LOG", "text")]);
    service.send("GET", "/nothing", &[("x-request-id", "mine-1")], vec![]);
    service.tell_to_stop();
    let (_, lines) = service.ended();
    let line = lines.iter().find(|line| line.contains("GET /nothing 404 in ")).unwrap();
    assert!(line.contains(" INFO ") && line.contains("not-found") && line.contains("request=mine-1"), "{line}");

    let service = Service::start_with(&sandbox(), &[("ASTLAS_TELEMETRY_LEVEL", "debug")]);
    service.get("/health/live");
    service.tell_to_stop();
    assert!(service.ended().1.iter().any(|line| line.contains("GET /health/live 200")));
}
