//! What only a folder can get wrong.

use std::{
    fs,
    time::{Duration, SystemTime},
};

use astlas_capabilities::{Blobs, BlobsSettings, ForgeSettings};

use crate::suite::folder;

#[tokio::test]
async fn uploads_that_nobody_goes_on_with_are_removed_and_are_never_listed() {
    let place = tempfile::tempdir().unwrap();
    let blobs = folder(place.path());
    let (stale, fresh) = (blobs.begin("a").await.unwrap(), blobs.begin("b").await.unwrap());
    let file = |upload: &str| place.path().join(".uploads").join(upload.split('/').next().unwrap());
    let hours_ago = SystemTime::now() - Duration::from_secs(3 * 3600);
    fs::File::options().write(true).open(file(&stale)).unwrap().set_modified(hours_ago).unwrap();
    blobs.write("c", "x".into()).await.unwrap();
    assert!(!file(&stale).exists() && file(&fresh).exists());
    assert!(blobs.finish(&stale, 0).await.is_err() && blobs.finish(&fresh, 0).await.is_ok());
    let names: Vec<_> = blobs.list("", "").await.unwrap().into_iter().map(|blob| blob.name).collect();
    assert_eq!(names, ["b", "c"]);
    assert_eq!(fs::read_dir(place.path().join(".uploads")).unwrap().count(), 0);
}

#[tokio::test]
async fn folders_go_with_the_last_value_in_them() {
    let place = tempfile::tempdir().unwrap();
    let blobs = folder(&place.path().join("blobs"));
    blobs.write("a/b/c/d", "x".into()).await.unwrap();
    blobs.write("a/e", "x".into()).await.unwrap();
    blobs.delete(&["a/b/c/d".into()]).await.unwrap();
    assert!(!place.path().join("blobs/a/b").exists());
    blobs.delete(&["a/e".into()]).await.unwrap();
    assert!(!place.path().join("blobs/a").exists() && place.path().join("blobs").exists());
}

#[tokio::test]
async fn a_place_that_cannot_be_written_is_said() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("file"), "x").unwrap();
    let blobs = folder(&place.path().join("file"));
    // To whoever asks, though, not where the place is.
    let whys = [
        blobs.check().await.state.unwrap_err(),
        blobs.write("a", "x".into()).await.unwrap_err().0,
        blobs.begin("a").await.unwrap_err().0,
    ];
    for why in whys {
        assert!(why.contains("cannot be used: ") && !why.contains(place.path().to_str().unwrap()), "{why}");
    }
    assert_eq!(blobs.list("", "").await, Ok(vec![]));
}

#[test]
fn settings_that_cannot_be_right_are_named() {
    let open = |settings| {
        let opened = Blobs::open(&settings, &ForgeSettings::default(), "/nowhere".into());
        opened.err().map_or_else(String::new, |error| error.to_string())
    };
    let bucket = |name: &str| BlobsSettings { bucket: Some(name.into()), ..BlobsSettings::default() };
    assert!(open(bucket("gs://bucket")).starts_with("setting blobs.bucket: "));
    let both = BlobsSettings { folder: Some("/nowhere".into()), ..bucket("bucket") };
    assert!(open(both).starts_with("setting blobs.folder: "));
    let endpoint = BlobsSettings { endpoint: Some("no address".into()), ..bucket("bucket") };
    assert!(open(endpoint).starts_with("setting blobs.endpoint: "));
    assert!(
        open(BlobsSettings { prefix: "../x/".into(), ..BlobsSettings::default() }).starts_with("setting blobs.prefix")
    );
    let forge = |forge| Blobs::open(&BlobsSettings::default(), &forge, "/nowhere".into()).err().unwrap().to_string();
    assert!(
        forge(ForgeSettings { api: "github.com".into(), ..ForgeSettings::default() }).starts_with("setting forge.api")
    );
    let error = forge(ForgeSettings { token: Some("hush\n".into()), ..ForgeSettings::default() });
    assert!(error.starts_with("setting forge.token: ") && !error.contains("hush"), "{error}");
}
