//! What a review asks for: the context of a change, several questions at once, lines around definitions.

use serde_json::{Value, json};

use crate::{FILES, Service, archive};

fn changed() -> Service {
    let service = Service::default();
    service.index("c1", None, archive(&FILES));
    let mut files = FILES;
    files[1].1 = "def slugify(text, sep):\n    return text.lower()\n\ndef other():\n    pass\n";
    service.index("c2", Some("c1"), archive(&files));
    service
}

fn context(service: &Service, more: Value) -> (u16, Value) {
    let mut body = json!({"repo_id": "acme/app", "commit_sha": "c2"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    service.post("/api/v1/pr/context", &body)
}

#[test]
fn the_context_of_a_change_is_one_answer() {
    let service = changed();
    let (status, found) = context(&service, json!({"base_sha": "c1"}));
    assert_eq!(status, 200, "{found}");
    let file = &found["changed_files"][0];
    assert_eq!((&file["file"], &file["status"]), (&json!("app/tools.py"), &json!("modified")), "{found}");
    assert_eq!(found["changed_files"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&file["dependents"][0]["file"], &file["definitions"][1]["name"]),
        (&json!("app/main.py"), &json!("other"))
    );
    let symbols: Vec<(&Value, &Value)> = found["context"]["symbols"]
        .as_array()
        .unwrap()
        .iter()
        .map(|symbol| (&symbol["name"], &symbol["status"]))
        .collect();
    assert!(symbols.contains(&(&json!("slugify"), &json!("modified"))), "{symbols:?}");
    assert!(symbols.contains(&(&json!("other"), &json!("added"))), "{symbols:?}");
    assert_eq!(found["context"]["callers"][0]["file"], "app/main.py", "{found}");
    assert!(found["important_files"].as_array().unwrap().iter().any(|file| file["file"] == "app/main.py"));
    assert!(found["context"]["tokens"].as_u64().unwrap() <= 8192);

    // Files alone: nobody knows what they were.
    let (_, given) = context(&service, json!({"changed_files": ["app/tools.py", "gone.py"], "format": "markdown"}));
    assert_eq!((&given["changed_files"][0]["status"], &given["unknown_files"]), (&json!("given"), &json!(["gone.py"])));
    let (_, some) = context(&service, json!({"base_sha": "c1", "changed_files": ["app/main.py"]}));
    assert_eq!(some["changed_files"], json!([]), "it is as it was");
    assert_eq!(context(&service, json!({})).0, 422);
    let (status, problem) = context(&service, json!({"base_sha": "c0"}));
    assert!(status == 404 && problem["detail"].as_str().unwrap().starts_with("base_sha: "), "{problem}");
}

#[test]
fn a_base_that_is_another_one_now_leads_to_another_answer() {
    let service = changed();
    let (_, first) = context(&service, json!({"base_sha": "c1"}));
    let mut files = FILES;
    files[0].1 = "def main(text):\n    return text\n";
    service.index("c1", None, archive(&files));
    let (_, second) = context(&service, json!({"base_sha": "c1"}));
    let changed = |context: &Value| context["changed_files"].as_array().unwrap().len();
    assert_eq!((changed(&first), changed(&second)), (1, 2));
}

#[test]
fn added_renamed_and_deleted_files_are_told_apart() {
    let service = changed();
    let files = [
        ("app/main.py", FILES[0].1),
        ("app/moved.py", "def slugify(text, sep):\n    return text.lower()\n\ndef other():\n    pass\n"),
        ("app/new.py", "def new(): pass\n"),
    ];
    service.index("c3", Some("c2"), archive(&files));
    let body = json!({"repo_id": "acme/app", "commit_sha": "c3", "base_sha": "c2"});
    let (_, found) = service.post("/api/v1/pr/context", &body);
    let status = |file: &Value| (file["file"].clone(), file["status"].clone(), file["old_file"].clone());
    let statuses: Vec<_> = found["changed_files"].as_array().unwrap().iter().map(status).collect();
    assert_eq!(
        statuses,
        [
            (json!("app/moved.py"), json!("renamed"), json!("app/tools.py")),
            (json!("app/new.py"), json!("added"), Value::Null),
            (json!("tests/test_main.py"), json!("deleted"), Value::Null),
        ]
    );
}

#[test]
fn what_a_cache_has_lost_is_read_again() {
    let service = changed();
    let ask = |path: &str, more: Value| {
        let mut body = json!({"repo_id": "acme/app", "commit_sha": "c2"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (status, answer) = service.post(path, &body);
        assert_eq!(status, 200, "{answer}");
        answer
    };
    let all = || {
        [
            ask("/api/v1/repomap", json!({"context_files": ["app/main.py"]})),
            ask("/api/v1/pr/context", json!({"base_sha": "c1"})),
            ask("/api/v1/symbols/search", json!({"symbol": "slugify"})),
            ask("/api/v1/graph/dependents", json!({"file_path": "app/tools.py"})),
        ]
    };
    let before = all();
    service.ports.forget();
    assert_eq!(all(), before);
    // Tags alone: they are made again from the sources.
    service.ports.forget_kind("ast");
    service.ports.forget_kind("answer");
    service.ports.forget_kind("map");
    assert_eq!(all(), before);
    // Where the sources are out of reach, no answer is made without them.
    service.ports.forget_kind("ast");
    service.ports.forget_kind("answer");
    service.ports.forget_kind("map");
    service.ports.set_down(true);
    let body = json!({"repo_id": "acme/app", "commit_sha": "c2", "context_files": ["app/main.py"]});
    let (status, problem) = service.post("/api/v1/repomap", &body);
    assert_eq!((status, &problem["type"]), (503, &json!("/docs#unavailable")), "{problem}");
    service.ports.set_down(false);
    assert_eq!(all(), before);
}

#[test]
fn an_answer_is_made_once() {
    let service = changed();
    let body = json!({"repo_id": "acme/app", "commit_sha": "c2", "symbol": "other"});
    let (_, first) = service.post("/api/v1/symbols/search", &body);
    service.ports.forget_kind("graph");
    service.ports.set_down(true);
    // Written otherwise, asked the same.
    let spaced = "{ \"symbol\": \"other\",\n \"commit_sha\": \"c2\", \"repo_id\": \"acme/app\" }";
    let (status, again) = service.ask("POST", "/api/v1/symbols/search", Some(spaced.as_bytes().to_vec()));
    assert_eq!((status, &again), (200, &first));
    assert_eq!(service.post("/api/v1/graph/cycles", &json!({"repo_id": "acme/app", "commit_sha": "c2"})).0, 503);
}

#[test]
fn several_questions_are_answered_each_with_its_status() {
    let service = changed();
    let commit = |more: Value| {
        let mut body = json!({"repo_id": "acme/app", "commit_sha": "c2"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let queries = json!({"queries": [
        {"path": "/api/v1/graph/dependents", "body": commit(json!({"file_path": "app/tools.py"}))},
        {"path": "/api/v1/graph/dependents", "body": commit(json!({"file_path": "gone.py"}))},
        {"path": "/api/v1/nothing", "body": {}},
        {"path": "/api/v1/batch/query", "body": {"queries": []}},
        {"path": "/api/v1/ast/parse", "body": {"repo_id": "a", "file_path": "a.py", "content": "x = 1\n"}},
    ]});
    let (status, answers) = service.post("/api/v1/batch/query", &queries);
    assert_eq!(status, 200, "{answers}");
    let statuses: Vec<u64> =
        answers["results"].as_array().unwrap().iter().map(|result| result["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [200, 404, 404, 422, 200]);
    assert_eq!(answers["results"][0]["body"]["dependents"][0]["file"], "app/main.py");
    assert_eq!(answers["results"][1]["body"]["type"], "/docs#unknown-file");
    assert_eq!(service.post("/api/v1/batch/query", &json!({"queries": []})).0, 422);
    let too_many = json!({"queries": vec![json!({"path": "/", "body": {}}); 101]});
    assert_eq!(service.post("/api/v1/batch/query", &too_many).0, 422);
}

#[test]
fn definitions_come_with_the_lines_around_them() {
    let service = changed();
    let find = |lines: Value| {
        let body = json!({"repo_id": "acme/app", "commit_sha": "c2", "symbol": "other", "context_lines": lines});
        service.post("/api/v1/symbols/search", &body).1["symbols"][0]["lines"].clone()
    };
    assert_eq!(
        find(json!(1)),
        json!([{"line": 3, "text": ""}, {"line": 4, "text": "def other():"}, {"line": 5, "text": "    pass"}])
    );
    assert_eq!(find(json!(0)), Value::Null);
    assert_eq!(find(json!(100)).as_array().unwrap().len(), 5);
    for (path, more) in [
        ("/api/v1/symbols/search", json!({"symbol": "other", "context_lines": 101})),
        ("/api/v1/symbols/fuzzy", json!({"pattern": "o", "limit": 1001})),
        ("/api/v1/repomap", json!({"max_tokens": 0})),
        ("/api/v1/pr/context", json!({"base_sha": "c1", "max_tokens": 4_000_000_000u32})),
    ] {
        let mut body = json!({"repo_id": "acme/app", "commit_sha": "c2"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(service.post(path, &body).0, 422, "{path} {more}");
    }
}
