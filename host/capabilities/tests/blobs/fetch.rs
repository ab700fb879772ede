//! Archives from a forge.

use astlas_atlas::ports::{BLOB_PART, FetchError};
use astlas_capabilities::{Blobs, BlobsSettings, ForgeSettings};
use astlas_test_servers::{GcsServer, Still};

use crate::scripted::{Scripted, answer};

/// Longer than two parts.
fn archive() -> Vec<u8> {
    (0..2 * BLOB_PART + 12_345).map(|at| (at.wrapping_mul(2_654_435_761) >> 11) as u8).collect()
}

async fn forge() -> Scripted {
    let archive = archive();
    let other = Scripted::start(|_, _, _| answer("404 Not Found", "", b"{\"message\":\"a secret\"}")).await;
    let there = Scripted::start(move |_, host, path| match path {
        "/repos/acme/tool/zipball/0a1b" => answer("302 Found", &format!("Location: http://{host}/codeload\r\n"), b""),
        "/repos/acme/tool/zipball/aside" => answer("302 Found", &format!("Location: {}/x\r\n", other.address), b""),
        "/repos/acme/tool/zipball/metadata" => answer("302 Found", "Location: http://169.254.169.254/token\r\n", b""),
        "/repos/acme/tool/zipball/inside" => answer("307 Go", "Location: https://10.0.0.1/\r\n", b""),
        "/codeload" => answer("200 OK", "", &archive),
        "/repos/acme/tool/zipball/cut" => answer("200 OK", "", &archive)[..5_000_000].to_vec(),
        "/repos/acme/tool/zipball/long" => b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n".to_vec(),
        "/repos/acme/tool/zipball/limit" => answer("403 Forbidden", "x-ratelimit-remaining: 0\r\n", b""),
        "/repos/acme/tool/zipball/loop" => answer("302 Found", &format!("Location: http://{host}{path}\r\n"), b""),
        path => match path.rsplit('/').next().unwrap_or_default() {
            code @ ("401" | "403" | "404" | "422" | "429" | "500" | "502") => answer(&format!("{code} No"), "", b"no"),
            _ => answer("404 Not Found", "", b"{\"message\":\"Not Found\"}"),
        },
    });
    there.await
}

fn blobs(forge: &Scripted, place: &BlobsSettings, token: Option<&str>) -> Blobs {
    let forge = ForgeSettings { api: forge.address.clone(), token: token.map(Into::into), secret: None };
    Blobs::open(place, &forge, "/nowhere".into()).unwrap()
}

async fn read(blobs: &Blobs, name: &str) -> Vec<u8> {
    let mut value = vec![];
    while let Some(part) = blobs.read(name, value.len() as u64, 8 << 20).await.unwrap().filter(|part| !part.is_empty())
    {
        value.extend_from_slice(&part);
    }
    value
}

#[tokio::test(start_paused = true)]
async fn an_archive_becomes_a_blob() {
    // The forge and who asks it are one process: neither is to find the other late.
    let _still = Still::new();
    let (server, folder, forge) = (GcsServer::start(), tempfile::tempdir().unwrap(), forge().await);
    server.make_bucket("astlas-test");
    let in_folder = BlobsSettings { folder: Some(folder.path().into()), ..BlobsSettings::default() };
    let (bucket, endpoint) = (Some("astlas-test".into()), Some(server.address()));
    let in_bucket = BlobsSettings { bucket, endpoint, ..BlobsSettings::default() };
    for place in [in_folder, in_bucket] {
        let blobs = blobs(&forge, &place, Some("hush"));
        let size = blobs.fetch("repos/acme/0a1b/archive", "acme/tool", "0a1b").await.unwrap();
        assert_eq!(size, archive().len() as u64);
        assert!(read(&blobs, "repos/acme/0a1b/archive").await == archive());
        let asked = forge.asked();
        assert!(asked[0].to_lowercase().contains("authorization: bearer hush"));
        assert!(asked[0].to_lowercase().contains("user-agent: astlas/"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_forge_does_not_have_is_refused_and_what_it_cannot_now_is_for_later() {
    let (folder, forge) = (tempfile::tempdir().unwrap(), forge().await);
    let place = BlobsSettings { folder: Some(folder.path().into()), ..BlobsSettings::default() };
    let blobs = blobs(&forge, &place, None);
    let fetch = async |commit: &str| blobs.fetch("x", "acme/tool", commit).await.unwrap_err();
    for commit in ["401", "403", "404", "422", "none", "long"] {
        let error = fetch(commit).await;
        assert!(
            matches!(&error, FetchError::Refused(why) if why.contains(&format!("/repos/acme/tool/zipball/{commit}"))),
            "{error}"
        );
    }
    for commit in ["429", "500", "502", "limit", "cut", "loop"] {
        let error = fetch(commit).await;
        assert!(matches!(&error, FetchError::Unavailable(why) if why.0.contains("/zipball/")), "{commit}: {error}");
    }
    // Nobody else's words are told on, and nobody is asked who only this machine or its network can reach.
    for (commit, why) in [("aside", "404"), ("metadata", "sends on"), ("inside", "sends on")] {
        let error = fetch(commit).await;
        assert!(
            matches!(&error, FetchError::Refused(said) if said.contains(why) && !said.contains("a secret")),
            "{error}"
        );
    }
    let asked = forge.asked().len();
    for (repository, commit) in
        [("../user", "a"), ("acme/tool", "a?b"), ("acme/tool", ""), ("a b", "c"), ("acme//tool", "a")]
    {
        let refused = blobs.fetch("x", repository, commit).await;
        assert!(matches!(refused, Err(FetchError::Refused(_))), "{repository} {commit}");
    }
    assert_eq!(forge.asked().len(), asked);
    // Nothing half-written stays.
    assert_eq!(blobs.list("", "").await, Ok(vec![]));
    assert_eq!(std::fs::read_dir(folder.path().join(".uploads")).unwrap().count(), 0);
    drop(forge);
    assert!(matches!(fetch("0a1b").await, FetchError::Unavailable(_)));
}
