//! Whatever is found under the cache's name is used, or put aside.

use std::fs;

use crate::fixture::{Scene, assert_sound, assert_works, filled, get_one, present};
use astlas_cache::{Mode, Reason, Warning};
use rusqlite::Connection;

const LENGTH: usize = 3_000;

#[test]
fn an_empty_file_is_begun_without_a_word() {
    // To SQLite a single byte is an empty file, too.
    for content in ["", "x"] {
        let scene = Scene::new();
        fs::write(scene.file(), content).unwrap();
        let cache = scene.cache();
        assert_works(&cache);
        assert_eq!(cache.take_warnings(), []);
        assert!(!scene.beside(".bad-1").exists());
    }
}

#[test]
fn files_that_are_not_sqlite_are_put_aside() {
    let page = b"SQLite format 3\0".iter().copied().cycle().take(8_192).collect();
    let contents: [Vec<u8>; 6] =
        [b"xy".to_vec(), b"SQLite format 3".to_vec(), b"notes\n".repeat(50), vec![0; 4_096], vec![0xff; 100_000], page];
    for content in contents {
        let scene = Scene::new();
        fs::write(scene.file(), content).unwrap();
        expect_put_aside(&scene, Reason::Foreign);
    }
}

#[test]
fn sqlite_files_of_other_programs_are_put_aside() {
    for statements in [
        "CREATE TABLE notes (text)",
        "CREATE TABLE entry (key, value); PRAGMA user_version = 1",
        "PRAGMA application_id = 77",
        "PRAGMA user_version = 1",
        "PRAGMA journal_mode = WAL; CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine')",
    ] {
        let scene = Scene::new();
        Connection::open(scene.file()).unwrap().execute_batch(statements).unwrap();
        expect_put_aside(&scene, Reason::Foreign);
    }
}

#[test]
fn a_file_of_ours_with_another_layout_is_put_aside() {
    for statements in [
        "DROP TABLE value",
        "ALTER TABLE entry ADD COLUMN more TEXT",
        "CREATE TRIGGER t AFTER INSERT ON value BEGIN DELETE FROM entry; END",
        "CREATE VIEW v AS SELECT 1",
        "DROP TABLE value; CREATE TABLE value (id INTEGER PRIMARY KEY, bytes TEXT)",
        "PRAGMA user_version = 2",
        "PRAGMA user_version = 0",
    ] {
        let (scene, _) = filled(5, LENGTH);
        Connection::open(scene.file()).unwrap().execute_batch(statements).unwrap();
        expect_put_aside(&scene, Reason::Damaged);
    }
}

#[test]
fn statistics_that_sqlite_adds_are_no_damage() {
    let (scene, keys) = filled(50, LENGTH);
    Connection::open(scene.file()).unwrap().execute_batch("ANALYZE").unwrap();
    let cache = scene.cache();
    assert_eq!(present(&cache, &keys, LENGTH), 50);
    assert_eq!(cache.take_warnings(), []);
}

#[test]
fn a_file_of_another_version_is_left_alone() {
    let (scene, keys) = filled(5, LENGTH);
    let (other, lock) = (scene.path().join("astlas-cache-2.sqlite"), scene.path().join("astlas-cache.sqlite"));
    fs::write(&lock, b"older").unwrap();
    fs::copy(scene.file(), &other).unwrap();
    Connection::open(&other).unwrap().execute_batch("PRAGMA user_version = 2; CREATE TABLE more (x)").unwrap();
    let before = fs::read(&other).unwrap();
    let cache = scene.cache();
    assert_eq!(present(&cache, &keys, LENGTH), 5);
    assert_works(&cache);
    assert!(cache.clear());
    assert_eq!(cache.take_warnings(), []);
    assert_eq!(fs::read(&other).unwrap(), before);
    assert_eq!(fs::read(&lock).unwrap(), b"older");
}

#[test]
fn a_directory_in_the_files_place_is_moved_with_its_content() {
    let scene = Scene::new();
    fs::create_dir(scene.file()).unwrap();
    fs::write(scene.file().join("mine"), b"kept").unwrap();
    expect_put_aside(&scene, Reason::NotAFile);
    assert_eq!(fs::read(scene.beside(".bad-1").join("mine")).unwrap(), b"kept");
}

#[test]
fn a_directory_that_would_have_to_be_deleted_is_not() {
    let scene = Scene::new();
    for slot in 1..=3 {
        fs::create_dir(scene.beside(&format!(".bad-{slot}"))).unwrap();
        fs::write(scene.beside(&format!(".bad-{slot}")).join("mine"), b"kept").unwrap();
    }
    fs::write(scene.file(), b"garbage").unwrap();
    let cache = scene.cache();
    assert!(matches!(&cache.take_warnings()[..], [Warning::Unusable { path, .. }] if *path == scene.file()));
    assert_eq!(cache.stats().mode, Mode::Off);
    assert_eq!(fs::read(scene.file()).unwrap(), b"garbage");
    assert_eq!(fs::read(scene.beside(".bad-1").join("mine")).unwrap(), b"kept");
}

#[test]
fn companions_move_with_their_file() {
    let scene = Scene::new();
    // Of a file that it can open, SQLite discards what does not belong to it.
    fs::create_dir(scene.file()).unwrap();
    let companions = ["-wal", "-shm", "-journal"];
    for suffix in companions {
        fs::write(scene.beside(suffix), suffix).unwrap();
    }
    assert_works(&scene.cache());
    for suffix in companions {
        assert_eq!(fs::read_to_string(scene.beside(&format!(".bad-1{suffix}"))).unwrap(), suffix);
    }
    assert_sound(&scene.file());
}

#[test]
fn three_bad_files_are_kept_and_the_oldest_goes() {
    let scene = Scene::new();
    for round in 1..=5 {
        fs::write(scene.file(), format!("garbage {round}")).unwrap();
        assert_works(&scene.cache());
    }
    let bad: Vec<_> = scene.names().into_iter().filter(|name| name.contains("bad")).collect();
    assert_eq!(bad, [1, 2, 3].map(|slot| format!("astlas-cache-1.sqlite.bad-{slot}")));
    let content = |slot| fs::read_to_string(scene.beside(&format!(".bad-{slot}"))).unwrap();
    assert_eq!([content(1), content(2), content(3)], ["garbage 3", "garbage 4", "garbage 5"]);
}

#[test]
fn a_warning_says_what_where_and_what_to_do() {
    let scene = Scene::new();
    fs::write(scene.file(), b"garbage").unwrap();
    let text = scene.cache().take_warnings()[0].to_string();
    let (file, moved) = (scene.file(), scene.beside(".bad-1"));
    let (file, moved) = (file.display(), moved.display());
    assert_eq!(
        text,
        format!(
            "cache {file} was not written by astlas: moved to {moved} and begun anew; delete that unless you want to \
             look into it"
        )
    );
}

/// Opens what is there and expects it to be put aside for `reason`, whole, and replaced.
fn expect_put_aside(scene: &Scene, reason: Reason) {
    let content = fs::read(scene.file()).ok();
    let cache = scene.cache();
    let (file, moved_to) = (scene.file(), scene.beside(".bad-1"));
    assert_eq!(cache.take_warnings(), [Warning::PutAside { file, moved_to: moved_to.clone(), reason }]);
    assert_eq!(fs::read(moved_to).ok(), content);
    assert_works(&cache);
    drop(cache);
    let cache = scene.cache();
    assert!(get_one(&cache, "works:1").is_some());
    assert_eq!(cache.take_warnings(), []);
    drop(cache);
    assert_sound(&scene.file());
}
