//! Lifetimes and last uses, under clocks that run, stand and jump.

use std::cell::Cell;
use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::fixture::{Scene, get_one, keys, present, put, put_one};
use astlas_cache::{Cache, Entry, Settings};

const HOUR: i64 = 3_600;
const START: i64 = 2_000_000_000;

thread_local! {
    static SECONDS: Cell<i64> = const { Cell::new(START) };
}

fn now() -> SystemTime {
    let seconds = SECONDS.get();
    let distance = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance }
}

fn at(seconds: i64) {
    SECONDS.set(seconds);
}

fn open(scene: &Scene) -> Cache {
    Cache::open(Settings { clock: now, ..scene.settings() })
}

fn put_for(cache: &Cache, key: &str, seconds: u64) {
    cache.put(&[Entry { key, value: b"x", ttl: Some(Duration::from_secs(seconds)) }]);
}

#[test]
fn a_value_lives_as_long_as_it_was_told_and_use_does_not_prolong_it() {
    let scene = Scene::new();
    let cache = open(&scene);
    put_for(&cache, "short", 10);
    put_for(&cache, "long", 10 * HOUR as u64);
    at(START + 9);
    assert_eq!(present_of(&cache, ["short", "long"]), [true, true]);
    at(START + 10);
    assert_eq!(present_of(&cache, ["short", "long"]), [false, true]);
    at(START + 9 * HOUR);
    assert_eq!(present_of(&cache, ["short", "long"]), [false, true]);
    at(START + 10 * HOUR);
    assert_eq!(present_of(&cache, ["short", "long"]), [false, false]);
    put_for(&cache, "short", 10);
    assert_eq!(present_of(&cache, ["short", "long"]), [true, false]);
}

#[test]
fn warm_runs_within_the_hour_write_nothing_and_the_next_one_notes_the_use() {
    let scene = Scene::new();
    let keys = keys("ast", 200);
    put(&open(&scene), &keys, 100);
    let content = || fs::read(scene.file()).unwrap();
    let before = content();
    for seconds in [0, 1, HOUR - 1] {
        at(START + seconds);
        assert_eq!(present(&open(&scene), &keys, 100), 200);
        assert_eq!(content(), before, "{seconds} s later");
    }
    at(START + HOUR);
    assert_eq!(present(&open(&scene), &keys, 100), 200);
    let noted = content();
    assert_ne!(noted, before);
    assert_eq!(present(&open(&scene), &keys, 100), 200);
    assert_eq!(content(), noted);
}

#[test]
fn noting_a_use_waits_for_nobody() {
    let scene = Scene::new();
    let cache = open(&scene);
    put_one(&cache, "k", b"v");
    let writer = rusqlite::Connection::open(scene.file()).unwrap();
    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    at(START + 2 * HOUR);
    let start = std::time::Instant::now();
    assert!(get_one(&cache, "k").is_some());
    // The cache would wait 30 s for the writer.
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!(cache.take_warnings(), []);
    drop(writer);
    put_one(&cache, "other", b"v");
    assert_eq!(cache.take_warnings(), []);
}

#[test]
fn what_began_in_the_future_is_over() {
    let scene = Scene::new();
    let cache = open(&scene);
    at(START + 10_000 * HOUR);
    put_for(&cache, "future", HOUR as u64);
    put_one(&cache, "for ever", b"x");
    at(START);
    assert_eq!(present_of(&cache, ["future", "for ever"]), [false, true]);
    // A clock that was set back by seconds is none that jumped.
    put_for(&cache, "step", HOUR as u64);
    at(START - 30);
    assert_eq!(present_of(&cache, ["step"]), [true]);
}

#[test]
fn a_use_in_the_future_does_not_protect_from_eviction() {
    let scene = Scene::new();
    let cache = Cache::open(Settings { clock: now, limit_bytes: 1_000_000, ..scene.settings() });
    let (future, present_day) = (keys("future", 30), keys("today", 30));
    at(START + 10_000 * HOUR);
    put(&cache, &future, 10_000);
    at(START);
    put(&cache, &present_day, 10_000);
    put(&cache, &keys("more", 40), 10_000);
    assert!(present(&cache, &future, 10_000) < 10);
    assert_eq!(present(&cache, &present_day, 10_000), 30);
}

#[test]
fn a_clock_at_either_end_of_time_harms_nothing() {
    let scene = Scene::new();
    for seconds in [-5, 0, 1, i64::MAX / 2_000_000_000, 250_000_000_000] {
        at(seconds);
        let cache = Cache::open(Settings { clock: now, limit_bytes: 300_000, ..scene.settings() });
        let keys = keys(&format!("at{seconds}"), 40);
        put(&cache, &keys, 10_000);
        assert!(present(&cache, &keys, 10_000) >= 15, "{seconds}");
        assert_eq!(cache.take_warnings(), []);
    }
}

fn present_of<const N: usize>(cache: &Cache, keys: [&str; N]) -> [bool; N] {
    keys.map(|key| get_one(cache, key).is_some())
}
