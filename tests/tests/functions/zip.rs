//! Zips, which are read in place.

use astlas_tests::archives::zip;
use serde_json::{Value, json};

use crate::{FILES, Service, archive};

const SOURCES: &str = "sources/acme%2Fapp/c1@";

fn packed(files: &[(&str, &str)]) -> Vec<u8> {
    let paths: Vec<String> = files.iter().map(|(path, _)| format!("app-main/{path}")).collect();
    zip(&paths.iter().map(String::as_str).zip(files.iter().map(|(_, text)| text.as_bytes())).collect::<Vec<_>>())
}

/// The answers that are made from sources, tags and graph.
fn answers(service: &Service, commit: &str) -> Vec<Value> {
    let body = json!({"repo_id": "acme/app", "commit_sha": commit});
    let questions = [
        ("/api/v1/symbols/search", json!({"symbol": "main"})),
        ("/api/v1/graph/important_files", json!({"limit": 0})),
        ("/api/v1/repomap", json!({})),
    ];
    let ask = |(path, more): (&str, Value)| {
        let mut body = body.clone();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (status, answer) = service.post(path, &body);
        assert_eq!(status, 200, "{answer}");
        answer
    };
    questions.into_iter().map(ask).collect()
}

#[test]
fn a_zip_answers_as_a_tar_does() {
    let (zipped, tarred) = (Service::default(), Service::default());
    let job = zipped.index("c1", None, packed(&FILES));
    assert_eq!((&job["state"], &job["result"]["parsed"]), (&json!("done"), &json!(3)), "{job}");
    tarred.index("c1", None, archive(&FILES));
    assert_eq!(answers(&zipped, "c1"), answers(&tarred, "c1"));
    assert!(answers(&zipped, "c1")[0]["symbols"][0]["lines"].is_array(), "with lines of the source");
    assert_eq!(zipped.ports.only_blob(SOURCES), packed(&FILES), "nothing is unpacked");
    // Without the cache, from the blobs.
    let before = answers(&zipped, "c1");
    zipped.ports.forget();
    assert_eq!(answers(&zipped, "c1"), before);
}

#[test]
fn of_a_zip_only_what_changed_is_read() {
    let service = Service::default();
    service.index("c1", None, packed(&FILES));
    let changed = "def main():\n    return other()\n\n\ndef other():\n    return 1\n";
    let files: Vec<_> = FILES.map(|(path, text)| (path, if path == "app/main.py" { changed } else { text })).into();
    let job = service.index("c2", Some("c1"), packed(&files));
    assert_eq!((&job["result"]["read"], &job["result"]["files"]), (&json!(1), &json!(3)), "{job}");
    let whole = Service::default();
    whole.index("c2", None, packed(&files));
    assert_eq!(answers(&service, "c2"), answers(&whole, "c2"));
}

#[test]
fn a_zip_that_others_put_there_is_taken_anew_each_time() {
    let service = Service::default();
    let theirs = "repos/acme/app/c1/archive.zip";
    let index = |archive: &[u8]| {
        service.ports.place(theirs, archive);
        let (status, started) = service.post("/api/v1/jobs/index_repo", &crate::with_base("c1", None));
        assert_eq!(status, 202, "{started}");
        assert_eq!(service.deliver(), [204]);
        let path = format!("/api/v1/jobs/{}", started["job_id"].as_str().unwrap());
        service.ask("GET", &path, None).1["state"].clone()
    };
    let is_kept = || service.ports.blobs().iter().any(|name| name.starts_with(SOURCES));
    let whole = packed(&FILES);
    // What is no zip does not become the sources of an index.
    assert_eq!(index(&whole[..whole.len() - 30]), "failed");
    assert!(!is_kept());
    for archive in [whole, packed(&[("app/main.py", "def other(): pass\n")])] {
        assert_eq!(index(&archive), "done");
        assert_eq!(service.ports.only_blob(SOURCES), archive);
        answers(&service, "c1");
    }
}

#[test]
fn what_comes_in_later_does_not_change_what_is_indexed() {
    let service = Service::default();
    service.index("c1", None, packed(&FILES));
    let before = answers(&service, "c1");
    let path = "/api/v1/repos/acme/app/c1/archive";
    for archive in [packed(&[("app/main.py", "def other(): pass\n")]), archive(&FILES[1..])] {
        assert_eq!(service.ask("PUT", path, Some(archive)).0, 201);
        service.ports.forget();
        assert_eq!(answers(&service, "c1"), before);
    }
    // Not even where it was to be indexed, and cannot be.
    for archive in [zip(&[("app-main/a.png", b"x")]), packed(&FILES)[..100].to_vec()] {
        assert_eq!(service.index("c1", None, archive)["state"], "failed");
        service.ports.forget();
        assert_eq!(answers(&service, "c1"), before);
    }
}

#[test]
fn a_damaged_zip_is_no_index() {
    let service = Service::default();
    let whole = packed(&FILES);
    let mut flipped = whole.clone();
    let name = b"app-main/app/main.py";
    let at = whole.windows(name.len()).position(|found| found == name).unwrap() + name.len() + 3;
    flipped[at] ^= 0x55;
    for (commit, archive, words) in [
        ("cut", whole[..whole.len() - 30].to_vec(), "cannot be read"),
        ("flipped", flipped, "app/main.py: the archive cannot be read"),
        ("images", zip(&[("app-main/a.png", b"x")]), "no file of the commit"),
        ("out", zip_leading_out(), "no path inside"),
    ] {
        let job = service.index(commit, None, archive);
        assert_eq!(job["state"], "failed", "{commit}: {job}");
        assert!(job["error"].as_str().unwrap().contains(words), "{commit}: {job}");
        let body = json!({"repo_id": "acme/app", "commit_sha": commit});
        assert_eq!(service.post("/api/v1/graph/cycles", &body).0, 404);
    }
}

fn zip_leading_out() -> Vec<u8> {
    let mut archive = zip(&[("a/UP/UP/a.py", b"")]);
    // Put in afterwards: the builder makes such a path plain.
    let ups: Vec<usize> = (0..archive.len()).filter(|&at| archive[at..].starts_with(b"UP")).collect();
    ups.into_iter().for_each(|at| archive[at..at + 2].copy_from_slice(b".."));
    archive
}
