//! What blobs do, wherever they are.

use astlas_atlas::ports::{BLOB_PART, Unavailable};
use astlas_capabilities::{Blobs, BlobsSettings, ForgeSettings};
use astlas_test_servers::GcsServer;
use bytes::Bytes;

pub fn bucket(endpoint: &str, prefix: &str) -> Blobs {
    let settings = BlobsSettings {
        bucket: Some("astlas-test".into()),
        endpoint: Some(endpoint.into()),
        prefix: prefix.into(),
        ..BlobsSettings::default()
    };
    Blobs::open(&settings, &ForgeSettings::default(), "/nowhere".into()).unwrap()
}

pub fn folder(path: &std::path::Path) -> Blobs {
    Blobs::open(&BlobsSettings::default(), &ForgeSettings::default(), path.into()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_folder() {
    let place = tempfile::tempdir().unwrap();
    suite(&folder(&place.path().join("blobs"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_bucket() {
    let server = GcsServer::start();
    server.make_bucket("astlas-test");
    suite(&bucket(&server.address(), "")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_bucket_with_something_in_front() {
    let server = GcsServer::start();
    server.make_bucket("astlas-test");
    bucket(&server.address(), "").write("else/where", "not ours".into()).await.unwrap();
    suite(&bucket(&server.address(), "of/ours/")).await;
    let all = bucket(&server.address(), "").list("", "").await.unwrap();
    assert!(
        all.iter().any(|blob| blob.name == "else/where") && all.iter().any(|blob| blob.name.starts_with("of/ours/"))
    );
}

async fn suite(blobs: &Blobs) {
    assert!(blobs.check().await.state.is_ok());
    assert_eq!(blobs.list("", "").await, Ok(vec![]));
    small_values_are_read_in_parts(blobs).await;
    large_values_are_there_when_they_are_whole(blobs).await;
    names_stay_in_their_place(blobs).await;
    listings_are_in_order(blobs).await;
    a_digest_changes_with_the_content(blobs).await;
    values_are_forgotten(blobs).await;
}

async fn small_values_are_read_in_parts(blobs: &Blobs) {
    assert_eq!(blobs.read("small/a b+c%2f?d#ü", 0, 9).await, Ok(None));
    blobs.write("small/a b+c%2f?d#ü", "hello there".into()).await.unwrap();
    let read = async |offset, length| blobs.read("small/a b+c%2f?d#ü", offset, length).await.unwrap().unwrap();
    assert_eq!((read(0, 99).await, read(6, 3).await), ("hello there".into(), "the".into()));
    assert_eq!((read(11, 3).await, read(12, 3).await, read(0, 0).await), (Bytes::new(), Bytes::new(), Bytes::new()));
    assert_eq!((read(0, u64::MAX).await, read(10, u64::MAX).await), ("hello there".into(), "e".into()));
    blobs.write("small/empty", Bytes::new()).await.unwrap();
    assert_eq!(blobs.read("small/empty", 0, 9).await, Ok(Some(Bytes::new())));
    assert_eq!(blobs.read("small", 0, 9).await, Ok(None));
}

async fn large_values_are_there_when_they_are_whole(blobs: &Blobs) {
    for size in [0, 5, BLOB_PART, BLOB_PART + 1, 2 * BLOB_PART, 2 * BLOB_PART + 777_777] {
        let name = format!("large/{size}");
        let value = Bytes::from_iter((0..size).map(|at| (at.wrapping_mul(2_654_435_761) >> 11) as u8));
        let upload = blobs.begin(&name).await.unwrap();
        for (number, part) in value.chunks(BLOB_PART).enumerate() {
            let part = Bytes::copy_from_slice(part);
            blobs.append(&upload, (number * BLOB_PART) as u64, part).await.unwrap();
        }
        assert_eq!(blobs.read(&name, 0, 9).await, Ok(None), "{size}");
        blobs.finish(&upload, size as u64).await.unwrap();
        let mut kept = vec![];
        while let Some(part) =
            blobs.read(&name, kept.len() as u64, 3 << 20).await.unwrap().filter(|part| !part.is_empty())
        {
            kept.extend_from_slice(&part);
        }
        assert!(kept == value, "{size}");
    }
    let upload = blobs.begin("large/abandoned").await.unwrap();
    blobs.append(&upload, 0, "part".into()).await.unwrap();
    blobs.abandon(&upload).await;
    assert!(blobs.finish(&upload, 4).await.is_err());
    for upload in ["", "unknown", "unknown/a", "../../x/y", "/"] {
        assert!(blobs.append(upload, 0, "part".into()).await.is_err() && blobs.finish(upload, 0).await.is_err());
    }
}

async fn names_stay_in_their_place(blobs: &Blobs) {
    let long = "x".repeat(2000);
    for name in [
        "../a",
        "/etc/passwd",
        "a/../../b",
        "",
        ".uploads/x",
        "a\0",
        "a\\b",
        "a//b",
        "a/",
        "./a",
        "a/./b",
        "a\nb",
        &long,
    ] {
        let refused = |outcome: Result<(), Unavailable>| assert!(outcome.is_err(), "{name:?}");
        refused(blobs.read(name, 0, 1).await.map(drop));
        refused(blobs.write(name, "x".into()).await);
        refused(blobs.begin(name).await.map(drop));
        refused(blobs.delete(&[name.into()]).await);
    }
}

async fn listings_are_in_order(blobs: &Blobs) {
    // Order of bytes: `a-b` before `a/b`, `a.b` too, `a0` after; a folder's own name says nothing.
    let mut names: Vec<_> =
        ["a-b", "a.b", "a/b", "a/b.c", "a/b/c", "a/bc", "a0", "Z", "é", "~"].map(|name| format!("list/{name}")).into();
    names.retain(|name| name != "list/a/b");
    for name in &names {
        blobs.write(name, name.clone().into()).await.unwrap();
    }
    names.sort();
    let listed = async |prefix: &str, after: &str| -> Vec<String> {
        blobs.list(prefix, after).await.unwrap().into_iter().map(|blob| blob.name).collect()
    };
    assert_eq!(listed("list/", "").await, names);
    assert_eq!(listed("list/a/b", "").await, ["list/a/b.c", "list/a/b/c", "list/a/bc"]);
    assert_eq!(listed("list/a/b/", "").await, ["list/a/b/c"]);
    for (at, name) in names.iter().enumerate() {
        assert_eq!(listed("list/", name).await, names[at + 1..], "after {name}");
    }
    // After what is not there, before all, after all.
    assert_eq!(
        listed("list/", "list/a/b/b").await,
        names[names.iter().position(|name| name == "list/a/b/c").unwrap()..]
    );
    assert_eq!((listed("list/", "list").await, listed("list/", "m").await), (names.clone(), vec![]));
    assert!(listed("nothing/", "").await.is_empty() && listed("../", "").await.is_empty());
    let blob = blobs.list("list/Z", "").await.unwrap().remove(0);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!(blob.size == 6 && blob.updated.abs_diff(now) < 60 && !blob.digest.is_empty(), "{blob:?}");
    // Page by page.
    let many: Vec<_> = (0..1300).map(|number| format!("many/{:02}/{number:04}", number / 100)).collect();
    for chunk in many.chunks(50) {
        let written = chunk.iter().map(|name| blobs.write(name, Bytes::new()));
        for written in futures_util::future::join_all(written).await {
            written.unwrap();
        }
    }
    let mut all = vec![];
    loop {
        let page = listed("many/", all.last().map_or("", String::as_str)).await;
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 1000);
        all.extend(page);
    }
    assert!(all == many, "{} of {}", all.len(), many.len());
    blobs.delete(&many).await.unwrap();
    assert!(listed("many/", "").await.is_empty());
}

async fn a_digest_changes_with_the_content(blobs: &Blobs) {
    let mut digests = vec![];
    // Of one length, one after the other, as fast as it goes.
    for value in ["one", "two", "six", "ten"] {
        blobs.write("digest/x", value.into()).await.unwrap();
        digests.push(blobs.list("digest/", "").await.unwrap().remove(0).digest);
    }
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), 4);
    assert_eq!(blobs.list("digest/", "").await, blobs.list("digest/", "").await);
}

async fn values_are_forgotten(blobs: &Blobs) {
    for name in ["gone/a/b/c", "gone/a/d", "gone/e"] {
        blobs.write(name, "x".into()).await.unwrap();
    }
    let names = ["gone/a/b/c", "gone/a/b", "gone/none", "gone/a/d", "gone/none/at/all", "gone/e/f"].map(String::from);
    blobs.delete(&names).await.unwrap();
    assert_eq!(blobs.list("gone/", "").await.unwrap().len(), 1);
    // Where a value was, there may be several now; and the other way round.
    blobs.write("gone/a", "x".into()).await.unwrap();
    blobs.delete(&["gone/a".into(), "gone/e".into()]).await.unwrap();
    assert_eq!(blobs.list("gone/", "").await, Ok(vec![]));
    blobs.delete(&[]).await.unwrap();
}
