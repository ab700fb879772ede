//! Files cut short or altered: values are right or gone, and nothing panics.

use std::fs;

use crate::fixture::{Scene, assert_sound, assert_works, filled, keys, present, put, put_one};
use astlas_cache::{Cache, Settings, Warning};
use rusqlite::Connection;

const LENGTH: usize = 3_000;

#[test]
fn a_file_cut_short_anywhere_is_put_aside_or_still_right() {
    let (scene, keys) = filled(60, LENGTH);
    let whole = fs::read(scene.file()).unwrap();
    let lengths = (2..100).step_by(9).chain((100..5_000).step_by(411)).chain((5_000..whole.len()).step_by(7_777));
    let pages = (1..whole.len() / 4_096).step_by(5).map(|page| page * 4_096);
    for length in lengths.chain(pages).chain([whole.len() - 1]) {
        let scene = Scene::new();
        fs::write(scene.file(), &whole[..length]).unwrap();
        let cache = scene.cache();
        let left = present(&cache, &keys, LENGTH);
        assert_works(&cache);
        let warnings = cache.take_warnings();
        assert!(matches!(warnings[..], [Warning::PutAside { .. }]), "{length}: {left} left, {warnings:?}");
        assert_eq!(fs::read(scene.beside(".bad-1")).unwrap(), whole[..length]);
        drop(cache);
        assert_sound(&scene.file());
    }
}

#[test]
fn a_write_ahead_file_cut_short_costs_its_end_only() {
    let scene = Scene::new();
    let keys = keys("ast", 30);
    let cache = scene.cache();
    for key in &keys {
        put(&cache, std::slice::from_ref(key), LENGTH);
    }
    let (main, ahead) = (fs::read(scene.file()).unwrap(), fs::read(scene.beside("-wal")).unwrap());
    assert!(ahead.len() > 100_000);
    for length in (0..ahead.len()).step_by(ahead.len() / 40) {
        let scene = Scene::new();
        fs::write(scene.file(), &main).unwrap();
        fs::write(scene.beside("-wal"), &ahead[..length]).unwrap();
        fs::write(scene.beside("-shm"), vec![0xa5; 32_768]).unwrap();
        let cache = scene.cache();
        let values = cache.get(&keys);
        let left = present(&cache, &keys, LENGTH);
        assert!(values[..left].iter().all(Option::is_some), "{length}: what was put first is lost first");
        assert_works(&cache);
    }
}

#[test]
fn a_write_ahead_file_without_its_main_file_is_dropped() {
    let scene = Scene::new();
    let cache = scene.cache();
    put(&cache, &keys("ast", 30), LENGTH);
    let ahead = fs::read(scene.beside("-wal")).unwrap();
    let scene = Scene::new();
    fs::write(scene.beside("-wal"), ahead).unwrap();
    let cache = scene.cache();
    assert_eq!(present(&cache, &keys("ast", 30), LENGTH), 0);
    assert_works(&cache);
    assert_eq!(cache.take_warnings(), []);
    drop(cache);
    assert_sound(&scene.file());
}

#[test]
fn any_page_overwritten_costs_values_at_most() {
    let (scene, keys) = filled(60, LENGTH);
    let whole = fs::read(scene.file()).unwrap();
    for page in (0..whole.len() / 4_096).step_by(3).chain([1, 2, 4]) {
        for fill in [0x00, 0xff, 0x0d] {
            let scene = Scene::new();
            let mut altered = whole.clone();
            altered[page * 4_096..][..4_096].fill(fill);
            fs::write(scene.file(), altered).unwrap();
            let cache = scene.cache();
            // Bytes altered inside a value are its reader's to notice; only calls and their ends matter here.
            assert_eq!(cache.get(&keys).len(), keys.len());
            cache.stats();
            put(&cache, &keys, LENGTH + 1);
            assert_works(&cache);
        }
    }
}

#[test]
fn single_bytes_altered_in_the_tables_cause_no_panic() {
    let (scene, keys) = filled(12, LENGTH);
    let whole = fs::read(scene.file()).unwrap();
    // The first page's header and schema, then heads and cells of the other pages.
    let places =
        (0..200).step_by(5).chain((4_096..whole.len()).step_by(613)).chain((2..12).map(|page| page * 4_096 + 5));
    for place in places {
        let scene = Scene::new();
        let mut altered = whole.clone();
        altered[place] ^= 0xff;
        fs::write(scene.file(), altered).unwrap();
        let cache = Cache::open(Settings { limit_bytes: 50_000, ..scene.settings() });
        cache.get(&keys);
        cache.stats();
        put(&cache, &keys[..6], LENGTH);
        put_one(&cache, "last", b"1");
        assert!(cache.clear() || !cache.take_warnings().is_empty());
    }
}

#[test]
fn rows_of_the_wrong_type_are_nobodys_values() {
    let (scene, keys) = filled(8, LENGTH);
    let connection = Connection::open(scene.file()).unwrap();
    // As damage to a row's head would leave it; SQL alone cannot put these into strict tables.
    connection.execute_batch("PRAGMA writable_schema = ON").unwrap();
    let strict: Vec<(String, String)> = connection
        .prepare("SELECT name, sql FROM sqlite_schema")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let update = "UPDATE sqlite_schema SET sql = ?2 WHERE name = ?1";
    for (name, sql) in &strict {
        let loose = sql.replace(") STRICT, WITHOUT", ") WITHOUT").replace(") STRICT", ")").replace(" NOT NULL", "");
        assert_eq!(connection.execute(update, (name, loose)).unwrap(), 1);
    }
    drop(connection);
    let connection = Connection::open(scene.file()).unwrap();
    for (index, change) in
        ["id = 'text'", "size = x'00'", "used = 1.5", "written = NULL", "ttl = 'never'"].iter().enumerate()
    {
        let row = format!("UPDATE entry SET {change} WHERE key = ?1");
        assert_eq!(connection.execute(&row, [&keys[index]]).unwrap(), 1);
    }
    let value = |change: &str, key: &String| {
        let row = format!("UPDATE value SET bytes = {change} WHERE id = (SELECT id FROM entry WHERE key = ?1)");
        assert_eq!(connection.execute(&row, [key]).unwrap(), 1);
    };
    value("'text'", &keys[5]);
    value("NULL", &keys[6]);
    connection.execute("UPDATE entry SET size = 1000000 WHERE key = ?1", [&keys[6]]).unwrap();
    connection.execute("INSERT INTO entry VALUES (x'01', 1, 1, 1, 1, -1)", []).unwrap();
    connection.execute("INSERT INTO entry VALUES ('huge', -9, 9223372036854775807, 1, 1, -1)", []).unwrap();
    connection
        .execute("INSERT INTO entry VALUES ('huge2', 9223372036854775807, 9223372036854775807, 1, 1, -1)", [])
        .unwrap();
    connection.execute_batch("PRAGMA writable_schema = ON").unwrap();
    for (name, sql) in &strict {
        assert_eq!(connection.execute(update, (name, sql)).unwrap(), 1);
    }
    drop(connection);

    let cache = Cache::open(Settings { limit_bytes: 60_000, ..scene.settings() });
    assert_eq!(cache.take_warnings(), []);
    let found: Vec<_> = cache.get(&keys).iter().map(Option::is_some).collect();
    assert_eq!(found, [false, false, false, false, false, false, false, true]);
    assert_eq!(cache.get(&["huge", "huge2"]), [None, None]);
    assert!(cache.stats().entries >= 8);
    // A put mends what it meets, makes room among the rest, and if it cannot, begins anew.
    put(&cache, &keys, LENGTH);
    put(&cache, &keys[..5], LENGTH);
    assert_works(&cache);
}
