//! The limit: what goes, what stays, and what is counted.

use std::cell::Cell;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::fixture::{Scene, assert_sound, assert_works, get_one, keys, present, put, put_one, value};
use astlas_cache::{Cache, Entry, Settings, Warning};

const LIMIT: u64 = 2_000_000;

thread_local! {
    static HOURS: Cell<u64> = const { Cell::new(0) };
}

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(2_000_000_000 + 3_600 * HOURS.get())
}

fn at(hour: u64) {
    HOURS.set(hour);
}

fn open(scene: &Scene, limit_bytes: u64) -> Cache {
    Cache::open(Settings { limit_bytes, clock: now, ..scene.settings() })
}

#[test]
fn what_was_not_used_for_longest_goes_first() {
    let scene = Scene::new();
    let cache = open(&scene, LIMIT);
    let batches: Vec<_> = (0..4).map(|batch| keys(&format!("batch{batch}"), 40)).collect();
    for (hour, batch) in batches.iter().enumerate() {
        at(hour as u64);
        put(&cache, batch, 10_000);
    }
    // Read long after the others: the oldest batch is now the one used last.
    at(10);
    assert_eq!(present(&cache, &batches[0], 10_000), 40);
    at(11);
    put(&cache, &keys("new", 60), 10_000);
    let left: Vec<_> = batches.iter().map(|batch| present(&cache, batch, 10_000)).collect();
    assert_eq!([left[0], left[1], left[3]], [40, 0, 40], "{left:?}");
    assert!(left[2] < 40, "{left:?}");
    assert_eq!(present(&cache, &keys("new", 60), 10_000), 60);
    assert_eq!(cache.take_warnings(), []);
}

#[test]
fn of_equal_age_the_first_put_goes_first() {
    let scene = Scene::new();
    let cache = open(&scene, LIMIT);
    let keys = keys("same", 300);
    put(&cache, &keys, 10_000);
    let values = cache.get(&keys);
    let first = values.iter().position(Option::is_some).unwrap();
    assert!(first > 0 && values[first..].iter().all(Option::is_some));
}

#[test]
fn what_is_over_goes_before_what_is_old() {
    let scene = Scene::new();
    let cache = open(&scene, LIMIT);
    at(0);
    put(&cache, &keys("old", 30), 10_000);
    at(1);
    let (over, value) = (keys("over", 80), value("over", 10_000));
    let ttl = Some(Duration::from_secs(60));
    cache.put(&over.iter().map(|key| Entry { key, value: &value, ttl }).collect::<Vec<_>>());
    at(2);
    put(&cache, &keys("new", 90), 10_000);
    assert_eq!(present(&cache, &keys("old", 30), 10_000), 30);
    let left = cache.stats().kinds.iter().find(|kind| kind.name == "over").map_or(0, |kind| kind.entries);
    assert!(left < 80, "{left}");
}

#[test]
fn the_file_stays_within_the_limit_and_mostly_full() {
    let scene = Scene::new();
    let cache = open(&scene, LIMIT);
    for batch in 0..40 {
        put(&cache, &keys(&format!("b{batch}"), 20), 7_000);
        let bytes = cache.stats().bytes;
        assert!(bytes <= LIMIT, "{bytes}");
        assert!(batch < 20 || bytes >= LIMIT / 10 * 7, "{bytes}");
    }
    drop(cache);
    let on_disk = scene.file().metadata().unwrap().len();
    assert!(on_disk <= LIMIT + LIMIT / 20, "{on_disk}");
    assert_sound(&scene.file());
}

#[test]
fn the_count_is_that_of_all_who_share_the_file() {
    let scene = Scene::new();
    let (one, other) = (open(&scene, LIMIT), open(&scene, LIMIT));
    for batch in 0..30 {
        put(if batch % 2 == 0 { &one } else { &other }, &keys(&format!("b{batch}"), 20), 7_000);
        assert_eq!(one.stats(), other.stats());
        assert!(one.stats().bytes <= LIMIT);
    }
    let before = one.stats();
    drop((one, other));
    assert_eq!(open(&scene, LIMIT).stats(), before);
}

#[test]
fn a_lowered_limit_gives_room_back_to_the_disk() {
    let scene = Scene::new();
    put(&open(&scene, 100 << 20), &keys("ast", 1_000), 10_000);
    let cache = open(&scene, LIMIT);
    put_one(&cache, "last", b"straw");
    assert!(get_one(&cache, "last").is_some());
    assert!(cache.stats().bytes <= LIMIT);
    drop(cache);
    assert!(scene.file().metadata().unwrap().len() <= LIMIT + LIMIT / 20);
    assert_sound(&scene.file());
}

#[test]
fn a_batch_larger_than_the_limit_keeps_what_fits() {
    let scene = Scene::new();
    let cache = open(&scene, LIMIT);
    put(&cache, &keys("before", 50), 10_000);
    let keys = keys("batch", 1_000);
    put(&cache, &keys, 10_000);
    assert!(present(&cache, &keys, 10_000) > 100);
    assert!(cache.stats().bytes <= LIMIT);
    drop(cache);
    assert!(scene.file().metadata().unwrap().len() <= LIMIT + LIMIT / 20);
}

#[test]
fn a_value_too_large_for_the_limit_is_left_out_and_told_once() {
    let scene = Scene::new();
    let cache = open(&scene, LIMIT);
    put_one(&cache, "small", b"1");
    let large = vec![0; LIMIT as usize / 2 + 1];
    let entry = |key, value| Entry { key, value, ttl: None };
    cache.put(&[entry("before", b"2"), entry("large", &large), entry("after", b"3")]);
    put_one(&cache, "large", &large);
    let found = cache.get(&["small", "before", "large", "after"]);
    assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, false, true]);
    assert_eq!(cache.take_warnings(), [Warning::TooLarge { bytes: LIMIT / 2 + 1, limit_bytes: LIMIT }]);
    put_one(&cache, "half", &large[1..]);
    assert!(get_one(&cache, "half").is_some());
}

#[test]
fn absurd_limits_are_no_error() {
    for limit in [0, 1, 99, 4_096, u64::MAX] {
        let scene = Scene::new();
        let cache = open(&scene, limit);
        put(&cache, &keys("ast", 50), 100);
        put_one(&cache, "empty", b"");
        assert_eq!(present(&cache, &keys("ast", 50), 100) > 0, limit == u64::MAX, "{limit}");
        drop(cache);
        assert_sound(&scene.file());
        assert_works(&scene.cache());
    }
}
