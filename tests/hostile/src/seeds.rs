//! Where inputs begin: values, archives, requests and sources as they should be, made by the code itself.

mod hosts;

use std::{fs, path::Path};

use astlas_atlas::{
    Atlas,
    keys::Sources,
    memory::{MemoryCache, MemoryFiles},
};
use pollster::block_on;
use serde_json::{Value, json};

use crate::{
    archives::{TarEntry, gzip, tar, zip, zstd},
    native::Native,
    planted,
    ports::Ports,
    repository, sealed, service,
    targets::doors,
};

pub use hosts::{counters, forges, issuers, kept, patches, pushes, records, tokens, traces};

/// Longest source, in bytes.
const SOURCE: usize = 700;

/// Stored values of a kind, without their header.
pub fn stored(kind: &str) -> Vec<Vec<u8>> {
    let of_kind = |(key, value): (String, Vec<u8>)| (key.split(':').next() == Some(kind)).then_some(value);
    planted::stored().into_iter().filter_map(of_kind).map(|value| value[sealed::HEADER..].to_vec()).collect()
}

/// The index of a commit.
pub fn bundles() -> Vec<Vec<u8>> {
    let atlas = Atlas { stages: Native, cache: MemoryCache::default(), repository: "here".into() };
    let files = MemoryFiles::new(repository::contents());
    let indexed = block_on(atlas.index_commit("c@1", None, &files, &())).unwrap();
    vec![block_on(atlas.bundle("c@1", &indexed, Sources::Pack))[sealed::HEADER..].to_vec()]
}

/// Sources side by side.
pub fn packs() -> Vec<Vec<u8>> {
    let ports = Ports::default();
    block_on(astlas_sources::pack(&ports, "pack", &MemoryFiles::new(repository::contents()))).unwrap();
    vec![ports.blob("pack")]
}

/// Archives, each of another shape.
pub fn zips() -> Vec<Vec<u8>> {
    let long = vec![b'x'; 20_000];
    vec![
        zip(&[(b"repo/app/main.py", b"def main(): pass\n", None), (b"repo/b.rs", b"fn b() {}", Some(0o644))]),
        zip(&[(b"repo/link", b"/etc/passwd", Some(0o120_777)), (b"repo/fifo", b"", Some(0o010_644))]),
        zip(&[(b"../up.py", b"up", None), (b"/absolute.py", b"", None)]),
        zip(&[(b"same.py", b"one", None), (b"same.py", b"two", None), (b"SAME.py", b"three", None)]),
        zip(&[(b"long.py", &long, None), (b"folder/", b"", None)]),
        zip(&[]),
    ]
}

/// Archives, each of another shape, plain and compressed.
pub fn tars() -> Vec<Vec<u8>> {
    let main = TarEntry::file(b"repo/app/main.py", b"def main(): pass\n");
    let link = TarEntry::other(b'2', b"repo/link.py", b"");
    let device = TarEntry::other(b'3', b"repo/dev.py", b"");
    let long_name = TarEntry::other(b'L', b"././@LongLink", b"repo/a/longer/name.py\0");
    let pax = TarEntry::other(b'x', b"pax", b"22 path=repo/from/p.py\n");
    let global = TarEntry::other(b'g', b"pax_global_header", b"19 comment=0123456789\n");
    let plain = [
        tar(&[main, link, device]),
        tar(&[global, long_name, TarEntry::file(b"cut", b"a"), pax, TarEntry::file(b"cut", b"b")]),
        tar(&[TarEntry::file(b"../up.py", b"up")]),
        tar(&[TarEntry { size: Some(1 << 40), ..TarEntry::file(b"vast.py", b"x") }]),
        tar(&[TarEntry::other(b'S', b"sparse.py", b"x"), TarEntry::file(b"a.py", b"1"), TarEntry::file(b"a.py", b"2")]),
    ];
    plain.iter().flat_map(|tar| [tar.clone(), gzip(tar), zstd(tar)]).collect()
}

/// Requests to every door.
pub fn requests() -> Vec<Vec<u8>> {
    let commit = |more: Value| {
        let mut body = json!({"repo_id": service::REPOSITORY, "commit_sha": service::COMMIT});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let body = |path: &str| match path {
        "/api/v1/ast/parse" => json!({"repo_id": "acme/app", "file_path": "a.py", "content": "def run(): go()\n"}),
        "/api/v1/batch/parse" => json!({"repo_id": "acme/app", "files": {"a.py": "x = 1\n", "b.zzz": ""}}),
        "/api/v1/batch/query" => {
            let body = commit(json!({"symbol": "run"}));
            json!({"queries": [{"path": "/api/v1/symbols/search", "body": body}, {"path": "/api/v1/nothing", "body": {}}]})
        }
        "/api/v1/graph/dependencies" | "/api/v1/graph/dependents" => {
            commit(json!({"file_path": "app/main.py", "depth": 2}))
        }
        "/api/v1/graph/important_files" => commit(json!({
            "limit": 3, "context_files": ["app/main.py", "gone.py"], "mentioned": ["slugify"], "strategy": "betweenness",
            "profile": "classic"
        })),
        "/api/v1/symbols/search" => commit(json!({"symbol": "slugify", "limit": 5, "context_lines": 2})),
        "/api/v1/symbols/fuzzy" => commit(json!({"pattern": "slgf", "limit": 5, "context_lines": 2})),
        "/api/v1/repomap" => commit(json!({"max_tokens": 50, "format": "markdown", "tokenizer": "cl100k"})),
        "/api/v1/pr/context" => commit(json!({"changed_files": ["app/main.py"], "max_tokens": 80})),
        "/pubsub/push" => json!({"message": {"data": "e30="}, "subscription": "s"}),
        "/internal/parse_batch" => commit(json!({"paths": ["app/main.py"]})),
        "/internal/sweep" => json!({"older_than_days": 30}),
        "/webhooks/github" => json!({
            "before": "0".repeat(40), "after": "c2", "repository": {"full_name": "acme/app"}, "action": "opened",
            "pull_request": {"head": {"sha": "c2"}, "base": {"sha": "c1"}}
        }),
        _ => commit(json!({})),
    };
    let to_door = |(at, (_, path)): (usize, (&str, String))| {
        let body = body(&path).to_string();
        (0..2).map(move |event| [&[at as u8, event], body.as_bytes()].concat()).collect::<Vec<_>>()
    };
    let elsewhere = [b"\xf0\0/api/v1/repos/a%2Fb/../x\n".to_vec(), b"\xf1\0/openapi.json\n{}".to_vec()];
    doors().into_iter().enumerate().flat_map(to_door).chain(elsewhere).collect()
}

/// Messages of the queue: a job, and a part of one.
pub fn messages() -> Vec<Vec<u8>> {
    let index: Value = serde_json::from_slice(&service::message()).unwrap();
    let mut cut = index.clone();
    cut["batches"] = json!(1);
    let sources = json!({"sources": "Pack", "too_large": 0});
    let batch = json!({"kind": "batch", "job": cut, "sources": sources, "number": 0, "paths": ["app/main.py"]});
    let mut forge = index.clone();
    forge["source"] = json!("forge");
    [index, batch, forge].iter().map(|message| message.to_string().into()).collect()
}

/// What Google's interfaces answer.
pub fn google() -> Vec<Vec<u8>> {
    let item = json!({"name": "a", "size": "5", "updated": "2026-01-02T03:04:05Z", "generation": "1", "md5Hash": "x"});
    let listing = json!({"items": [item], "nextPageToken": "more"}).to_string();
    let message = json!({"data": "aGVsbG8=", "attributes": {"crc32c": "mnG7TA=="}});
    let pulled = json!({"receivedMessages": [{"ackId": "1", "message": message}]}).to_string();
    let answer = |question: u8, status: u8, headers: u8, value: &str, body: &str| {
        [&[question, status, headers], value.as_bytes(), b"\n", body.as_bytes()].concat()
    };
    vec![
        answer(0, 0, 0, "", &listing),
        answer(1, 0, 0x30, "crc32c=mnG7TA==", "hello"),
        answer(1, 1, 1, "bytes 1-5/6", "hello"),
        answer(1, 6, 1, "bytes */3", ""),
        answer(2, 0, 0, "", &pulled),
        answer(3, 0, 0, "", &json!({"access_token": "t", "expires_in": 3600, "token_type": "Bearer"}).to_string()),
        answer(4, 0, 8, "http://localhost/upload?id=1", ""),
        answer(5, 3, 4, "bytes=0-18446744073709551615", ""),
        answer(5, 0, 0, "", &item_of("5", "mnG7TA==")),
        answer(6, 0, 0, "", &item_of("5", "mnG7TA==")),
        answer(7, 0, 0, "", &json!({"messageIds": ["1"]}).to_string()),
        answer(8, 4, 0, "", ""),
    ]
}

fn item_of(size: &str, checksum: &str) -> String {
    json!({"name": "name", "size": size, "crc32c": checksum, "generation": "1"}).to_string()
}

/// Sources of every language: examples that its queries are tested with, cut to size, alone and with those of the next.
pub fn sources() -> Vec<Vec<u8>> {
    let examples: Vec<Vec<u8>> = astlas_parser::languages()
        .iter()
        .enumerate()
        .flat_map(|(number, language)| {
            examples(&language.name).into_iter().map(move |text| [&[number as u8][..], &text].concat())
        })
        .collect();
    let header = |at: usize| [60, at as u8, (at / 2) as u8];
    let alone = examples.iter().enumerate().map(|(at, text)| [&header(at)[..], text].concat());
    let beside = examples.windows(2).enumerate().map(|(at, two)| [&header(at)[..], &two[0], &[0xff], &two[1]].concat());
    // What coverage found: a fence that is longer than the text.
    let found = b"\x20\x1e\x6dmap`````````````c".to_vec();
    alone.chain(beside).chain([found]).collect()
}

/// Examples of a language, cut to size: those that its queries are tested with.
pub fn examples(language: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../queries").join(language).join("tests");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let cut = |text: Vec<u8>| text[..text.len().min(SOURCE)].to_vec();
    files.iter().take(2).map(|file| cut(fs::read(file).unwrap())).collect()
}
