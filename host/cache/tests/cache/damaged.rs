//! What happens to the file while it is in use.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::fixture::{Scene, assert_sound, assert_works, filled, get_one, keys, present, put, put_one};
use astlas_cache::{Cache, Mode, Reason, Settings, Warning};
use rusqlite::Connection;

const LENGTH: usize = 3_000;

#[test]
fn damage_met_in_use_is_told_once_and_the_next_file_works() {
    let (scene, keys) = filled(400, LENGTH);
    let cache = scene.cache();
    vandalise(&scene.file());
    cache.get(&keys);
    assert_works(&cache);
    put(&cache, &keys, LENGTH);
    assert_eq!(present(&cache, &keys, LENGTH), 400);
    let warnings = cache.take_warnings();
    let damaged = Reason::Damaged;
    assert_eq!(warnings, [Warning::PutAside { file: scene.file(), moved_to: scene.beside(".bad-1"), reason: damaged }]);
    drop(cache);
    assert_sound(&scene.file());
}

#[test]
fn damage_met_by_put_and_clear_and_stats_is_no_different() {
    for action in [
        |cache: &Cache| put(cache, &keys("ast", 400), 10),
        |cache: &Cache| assert!(cache.clear()),
        |cache: &Cache| drop(cache.stats()),
    ] {
        let (scene, _) = filled(400, LENGTH);
        let cache = scene.cache();
        vandalise(&scene.file());
        action(&cache);
        assert!(matches!(cache.take_warnings()[..], [Warning::PutAside { reason: Reason::Damaged, .. }]));
        assert_works(&cache);
    }
}

#[test]
fn a_file_cut_short_in_use_is_replaced() {
    let (scene, keys) = filled(400, LENGTH);
    let cache = scene.cache();
    let file = fs::OpenOptions::new().write(true).open(scene.file()).unwrap();
    file.set_len(file.metadata().unwrap().len() / 4096 / 2 * 4096).unwrap();
    let left = present(&cache, &keys, LENGTH);
    assert!(left < 400);
    assert_works(&cache);
    assert!(matches!(cache.take_warnings()[..], [Warning::PutAside { reason: Reason::Damaged, .. }]));
}

#[test]
fn threads_that_meet_damage_at_once_replace_the_file_once() {
    let (scene, keys) = filled(400, LENGTH);
    let cache = scene.cache();
    vandalise(&scene.file());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for key in &keys {
                    cache.get(&[key]);
                }
                put(&cache, &keys[..20], LENGTH);
            });
        }
    });
    assert_eq!(cache.take_warnings().len(), 1);
    assert_eq!(present(&cache, &keys[..20], LENGTH), 20);
    assert!(!scene.beside(".bad-2").exists());
}

#[test]
fn damage_again_and_again_ends_in_no_cache() {
    let scene = Scene::new();
    let cache = scene.cache();
    let keys = keys("ast", 400);
    for _ in 0..5 {
        put(&cache, &keys, LENGTH);
        // Empties the write-ahead file, so that the pages are read from the main one.
        let other = Connection::open(scene.file()).unwrap();
        other.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        drop(other);
        if scene.file().metadata().unwrap().len() > 100_000 {
            vandalise(&scene.file());
        }
        // Fresh connections, on which nothing is remembered.
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| cache.get(&keys));
            }
        });
        cache.get(&keys);
        cache.stats();
    }
    let warnings = cache.take_warnings();
    assert!(
        matches!(warnings[..], [Warning::PutAside { .. }, Warning::PutAside { .. }, Warning::Unusable { .. }]),
        "{warnings:?}"
    );
    assert_eq!(cache.stats().mode, Mode::Off);
    assert!(!cache.clear());
    assert_eq!(get_one(&cache, "ast:0000"), None);
}

#[test]
fn a_damaged_file_that_others_have_open_stays_until_they_are_gone() {
    let (scene, keys) = filled(400, LENGTH);
    let other = scene.cache();
    let cache = Cache::open(Settings { busy_timeout: Duration::from_millis(50), ..scene.settings() });
    vandalise(&scene.file());
    cache.get(&keys);
    cache.get(&keys);
    put_one(&cache, "k", b"v");
    assert_eq!((get_one(&cache, "k"), cache.stats().mode), (Some(b"v".to_vec()), Mode::Off));
    let waited = Duration::from_millis(50);
    assert_eq!(cache.take_warnings(), [Warning::Locked { file: scene.file(), waited }]);
    drop(cache);
    assert!(!scene.beside(".bad-1").exists());
    other.get(&keys);
    assert_works(&other);
    assert!(matches!(other.take_warnings()[..], [Warning::PutAside { reason: Reason::Damaged, .. }]));
}

#[test]
fn a_directory_removed_in_use_harms_nothing() {
    let scene = Scene::new();
    let directory = scene.path().join("cache");
    let cache =
        Cache::open(Settings { busy_timeout: Duration::from_millis(50), ..crate::fixture::settings(&directory) });
    put_one(&cache, "k", b"v");
    fs::remove_dir_all(&directory).unwrap();
    cache.get(&["k"]);
    put_one(&cache, "k", b"w");
    cache.stats();
    cache.clear();
    drop(cache);
    assert_works(&Cache::open(crate::fixture::settings(&directory)));
}

/// Overwrites all but the first page, as a failing disk or another program might.
fn vandalise(file: &Path) {
    use std::io::{Seek, SeekFrom, Write};
    let length = file.metadata().unwrap().len() as usize;
    let mut file = fs::OpenOptions::new().write(true).open(file).unwrap();
    file.seek(SeekFrom::Start(4_096)).unwrap();
    file.write_all(&vec![0x5a; length - 4_096]).unwrap();
}
