//! Every operation of the OpenAPI document, asked with what a generator makes of it: no answer that is not declared.

use std::process::Command;

use crate::{
    cluster::Cluster,
    service::{archive, sandbox},
};

/// What every answer has to be. That the generator's requests are accepted is not among it: it knows nothing of the
/// repositories that are indexed.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
response_headers_conformance,response_schema_conformance,unsupported_method";

#[test]
fn every_answer_is_as_declared() {
    let python = std::env::var("ASTLAS_PYTHON").expect("`cargo xtask test` says where Python with schemathesis is");
    let (cluster, own, machine) = (Cluster::start(), sandbox(), sandbox());
    let service = cluster.service_with(&own, &[("ASTLAS_HTTP_TIME_LIMIT", "600")]);
    let _worker = cluster.worker(&machine);
    // The shortest names come up again and again: with one of them something is there.
    service.ask("PUT", "/api/v1/repos/0/0/archive", archive(&own));
    service.post("/api/v1/jobs/index_repo", &serde_json::json!({"repo_id": "0", "commit_sha": "0"}));
    let document = format!("{}/openapi.json", service.address);
    let mut command = Command::new(python);
    command.args(["-m", "schemathesis.cli", "run", &document, "--checks", CHECKS, "--no-color"]);
    command.args(["--phases", "examples,coverage,fuzzing", "--max-examples", "30", "--seed", "1"]);
    // By itself it waits for ten seconds.
    command.args(["--request-timeout", "600"]);
    let done = command.current_dir(own.tree()).output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}\n{}", String::from_utf8_lossy(&done.stderr));
    assert!(said.contains("Tested: 30"), "{said}");
}
