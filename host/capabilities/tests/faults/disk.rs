//! Disks that take no more, and places that cannot be written: the SQLite cache and the folder of blobs.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    time::{Duration, Instant},
};

use astlas_capabilities::{Blobs, BlobsSettings, Cache, CacheSettings, ForgeSettings};
use astlas_test_servers::until;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::{
    alone,
    scene::{BACK, value},
};

/// What a file may have where there is no room, in bytes.
const ROOM: u64 = 2 << 20;
/// How long the cache waits for the disk; ten times that it leaves a disk alone that took nothing.
const WAIT: Duration = Duration::from_millis(500);

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(test);
}

async fn embedded(folder: &Path) -> Cache {
    let settings = astlas_cache::Settings { busy_timeout: WAIT, ..astlas_cache::Settings::new(folder) };
    Cache::open(&CacheSettings::default(), settings).await.unwrap()
}

fn blobs(folder: &Path) -> Blobs {
    Blobs::open(&BlobsSettings::default(), &ForgeSettings::default(), folder.join("blobs")).unwrap()
}

async fn put(cache: &Cache, key: &str, length: usize) {
    cache.put(vec![(key.to_string(), value(key, length))]).await;
}

/// Whether there is a value; it must be the right one.
async fn has(cache: &Cache, key: &str, length: usize) -> bool {
    let found = cache.get(&[key.to_string()]).await.pop().unwrap();
    assert!(found.as_ref().is_none_or(|found| *found == value(key, length)), "a wrong value of {key}");
    found.is_some()
}

/// From here on, there is room again.
fn make_room() {
    let maximum = getrlimit(Resource::Fsize).maximum;
    setrlimit(Resource::Fsize, Rlimit { current: maximum, maximum }).unwrap();
}

/// What is told to whoever asks: what is wrong, and not where.
fn expect_told(why: &str, folder: &Path) {
    let is_said = why.contains("cannot be used: ") || why.contains("only be read");
    assert!(is_said && !why.contains(folder.to_str().unwrap()), "{why}");
}

#[test]
fn a_cache_without_room_keeps_what_it_has_and_takes_more_when_there_is() {
    const NAME: &str = "disk::a_cache_without_room_keeps_what_it_has_and_takes_more_when_there_is";
    let Some(folder) = alone::folder() else {
        let folder = tempfile::tempdir().unwrap();
        run(async { put(&embedded(folder.path()).await, "job:before", 1000).await });
        alone::run_without_room(NAME, folder.path(), ROOM);
        return;
    };
    run(async {
        let cache = embedded(&folder).await;
        let (begun, length) = (Instant::now(), 100_000);
        let keys: Vec<_> = (0..200).map(|number| format!("job:much:{number}")).collect();
        for key in &keys {
            put(&cache, key, length).await;
            // Here, at least, it is there.
            assert!(has(&cache, key, length).await && has(&cache, "job:before", 1000).await);
        }
        let (took, other) = (begun.elapsed(), embedded(&folder).await);
        let mut kept = 0;
        for key in &keys {
            kept += u32::from(has(&other, key, length).await);
        }
        // Not every one has waited.
        assert!(kept < 200 && took < WAIT * 150, "{kept} kept in {took:?}");
        make_room();
        let mut number = 0;
        let back = until("it takes more", BACK, async || {
            number += 1;
            let key = format!("job:after:{number}");
            put(&cache, &key, 1000).await;
            has(&other, &key, 1000).await
        });
        let back = back.await;
        println!("tried: sqlite, no room: 200 values put, {kept} kept on the disk, 0 wrong, back after {back:?}");
    });
}

#[test]
fn a_cache_that_cannot_be_written_is_read() {
    const NAME: &str = "disk::a_cache_that_cannot_be_written_is_read";
    let Some(folder) = alone::folder() else {
        let folder = tempfile::tempdir().unwrap();
        run(async {
            let cache = embedded(folder.path()).await;
            for number in 0..50 {
                put(&cache, &format!("job:before:{number}"), 1000).await;
            }
        });
        protect(folder.path(), 0o555);
        alone::run_as_another_user(NAME, folder.path());
        protect(folder.path(), 0o755);
        return;
    };
    run(async {
        let cache = embedded(&folder).await;
        for number in 0..50 {
            assert!(has(&cache, &format!("job:before:{number}"), 1000).await, "{number}");
            put(&cache, &format!("job:after:{number}"), 1000).await;
            assert!(has(&cache, &format!("job:after:{number}"), 1000).await, "{number}");
        }
        expect_told(&cache.check().await.state.unwrap_err(), &folder);
        assert!(!has(&embedded(&folder).await, "job:after:0", 1000).await);
        println!("tried: sqlite, read-only: 50 values read, 50 put beside them, 0 wrong");
    });
}

#[test]
fn a_folder_without_room_has_whole_blobs_alone() {
    const NAME: &str = "disk::a_folder_without_room_has_whole_blobs_alone";
    let Some(folder) = alone::folder() else {
        let folder = tempfile::tempdir().unwrap();
        return alone::run_without_room(NAME, folder.path(), ROOM);
    };
    run(async {
        let (blobs, large) = (blobs(&folder), ROOM as usize + 1000);
        blobs.write("replaced", value("replaced", 1000)).await.unwrap();
        for number in 0..20 {
            let name = format!("large/{number}");
            expect_told(&blobs.write(&name, value(&name, large)).await.unwrap_err().0, &folder);
            expect_told(&blobs.write("replaced", value("replaced", large)).await.unwrap_err().0, &folder);
            let upload = blobs.begin(&name).await.unwrap();
            let half = value(&name, large).slice(..large / 2);
            blobs.append(&upload, 0, half.clone()).await.unwrap();
            expect_told(&blobs.append(&upload, half.len() as u64, half.clone()).await.unwrap_err().0, &folder);
            expect_told(&blobs.finish(&upload, large as u64).await.unwrap_err().0, &folder);
            blobs.abandon(&upload).await;
            assert_eq!(blobs.read(&name, 0, 9).await, Ok(None));
        }
        assert_eq!(blobs.read("replaced", 0, u64::MAX).await, Ok(Some(value("replaced", 1000))));
        assert_eq!(blobs.list("", "").await.unwrap().len(), 1);
        assert_eq!(fs::read_dir(folder.join("blobs/.uploads")).unwrap().count(), 0);
        make_room();
        blobs.write("large/0", value("large/0", large)).await.unwrap();
        assert_eq!(blobs.read("large/0", 0, u64::MAX).await, Ok(Some(value("large/0", large))));
        println!("tried: folder, no room: 40 writes and 20 uploads, all unavailable, nothing left of them");
    });
}

#[test]
fn a_folder_that_cannot_be_written_is_read() {
    const NAME: &str = "disk::a_folder_that_cannot_be_written_is_read";
    let Some(folder) = alone::folder() else {
        let folder = tempfile::tempdir().unwrap();
        run(async { blobs(folder.path()).write("kept", value("kept", 1000)).await.unwrap() });
        protect(folder.path(), 0o555);
        alone::run_as_another_user(NAME, folder.path());
        protect(folder.path(), 0o755);
        return;
    };
    run(async {
        let blobs = blobs(&folder);
        for _ in 0..20 {
            assert_eq!(blobs.read("kept", 0, u64::MAX).await, Ok(Some(value("kept", 1000))));
            expect_told(&blobs.write("kept", value("kept", 10)).await.unwrap_err().0, &folder);
            expect_told(&blobs.begin("new").await.unwrap_err().0, &folder);
            expect_told(&blobs.delete(&["kept".into()]).await.unwrap_err().0, &folder);
            expect_told(&blobs.check().await.state.unwrap_err(), &folder);
        }
        assert_eq!(blobs.list("", "").await.unwrap().len(), 1);
        println!("tried: folder, read-only: 20 reads whole, 80 other calls unavailable");
    });
}

/// Who may write all there is below a folder: its owner, or nobody.
fn protect(folder: &Path, mode: u32) {
    fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            protect(&path, mode);
        } else {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode & 0o666)).unwrap();
        }
    }
}
