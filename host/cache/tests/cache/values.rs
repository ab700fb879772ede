//! What is put is what is got.

use std::time::Duration;

use crate::fixture::{Scene, assert_sound, assert_works, get_one, keys, present, put, put_one, value};
use astlas_cache::{Cache, Entry, Kind, Mode, Settings};

#[test]
fn values_come_back_in_the_order_of_the_keys() {
    let scene = Scene::new();
    let cache = scene.cache();
    put_one(&cache, "a", b"1");
    put_one(&cache, "b", b"2");
    assert_eq!(
        cache.get(&["b", "nothing", "a", "b"]),
        [Some(b"2".to_vec()), None, Some(b"1".to_vec()), Some(b"2".to_vec())]
    );
    assert_eq!(cache.get::<&str>(&[]), []);
    assert_eq!(cache.get(&["b".to_string()]), [Some(b"2".to_vec())]);
    assert_eq!(cache.take_warnings(), []);
}

#[test]
fn any_key_and_any_value_is_kept_as_it_is() {
    let scene = Scene::new();
    let cache = scene.cache();
    let keys = ["", ":", "a'\"%_;--", "nul\0inside", "nul\0other", "ключ:値", "A", "a", "a ", " a"];
    let values: [&[u8]; 10] = [b"", b"\0", b"text", &[0xff; 3], b"1", b"2", b"3", b"4", b"5", b"6"];
    let entries: Vec<_> = keys.iter().zip(values).map(|(key, value)| Entry { key, value, ttl: None }).collect();
    cache.put(&entries);
    cache.put(&[]);
    assert_eq!(cache.get(&keys), values.map(|value| Some(value.to_vec())));
}

#[test]
fn a_later_put_replaces_an_earlier_one_also_within_a_call() {
    let scene = Scene::new();
    let cache = scene.cache();
    put_one(&cache, "k", &value("old", 100_000));
    let entry = |value| Entry { key: "k", value, ttl: None };
    cache.put(&[entry(b"first"), Entry { key: "other", value: b"x", ttl: None }, entry(b"last")]);
    assert_eq!(get_one(&cache, "k").as_deref(), Some(&b"last"[..]));
    put_one(&cache, "k", &value("new", 200_000));
    assert_eq!(get_one(&cache, "k"), Some(value("new", 200_000)));
    assert_eq!(cache.stats().entries, 2);
}

#[test]
fn what_is_removed_is_gone_for_all_and_takes_no_room() {
    let scene = Scene::new();
    let (cache, other) = (scene.cache(), scene.cache());
    put_one(&cache, "a", &value("a", 100_000));
    put_one(&cache, "b", b"2");
    other.remove(&["a", "nothing", "a"]);
    other.remove::<&str>(&[]);
    assert_eq!(cache.get(&["a", "b"]), [None, Some(b"2".to_vec())]);
    let stats = cache.stats();
    assert_eq!((stats.entries, stats.mode, cache.mode()), (1, Mode::ReadWrite, Mode::ReadWrite));
    put_one(&cache, "a", b"3");
    assert_eq!(get_one(&other, "a").as_deref(), Some(&b"3"[..]));
    assert_eq!((cache.take_warnings(), other.take_warnings()), (vec![], vec![]));
}

#[test]
fn values_of_every_size_survive_the_end_of_the_process() {
    let scene = Scene::new();
    let sizes = [0, 1, 100, 4_000, 4_096, 5_000, 60_000, 65_535, 65_536, 65_537, 300_000, 20_000_000];
    let name = |size: usize| format!("size:{size}");
    let cache = scene.cache();
    for size in sizes {
        put(&cache, &[name(size)], size);
    }
    drop(cache);
    let cache = scene.cache();
    for size in sizes {
        assert_eq!(present(&cache, &[name(size)], size), 1, "{size} bytes");
    }
    drop(cache);
    // The last to leave tidies up: one file and the lock.
    assert_eq!(scene.names(), ["astlas-cache-1.lock", "astlas-cache-1.sqlite"]);
    assert_sound(&scene.file());
}

#[test]
fn thousands_of_keys_go_in_one_call() {
    let scene = Scene::new();
    let cache = scene.cache();
    let keys = keys("ast", 5_000);
    put(&cache, &keys, 500);
    assert_eq!(present(&cache, &keys, 500), 5_000);
    assert_eq!(present(&scene.cache(), &keys, 500), 5_000);
}

#[test]
fn threads_share_a_cache() {
    let scene = Scene::new();
    let cache = scene.cache();
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let cache = &cache;
            scope.spawn(move || {
                let keys = keys(&format!("t{thread}"), 50);
                for key in &keys {
                    put(cache, std::slice::from_ref(key), 3_000);
                    assert_eq!(present(cache, std::slice::from_ref(key), 3_000), 1);
                }
                assert_eq!(present(cache, &keys, 3_000), 50);
            });
        }
    });
    assert_eq!(cache.stats().entries, 16 * 50);
    assert_eq!(cache.take_warnings(), []);
}

#[test]
fn two_handles_on_one_directory_see_each_other() {
    let scene = Scene::new();
    let (one, other) = (scene.cache(), scene.cache());
    put_one(&one, "a", b"1");
    put_one(&other, "b", b"2");
    assert_eq!(one.get(&["a", "b"]), other.get(&["a", "b"]));
    assert_eq!(get_one(&one, "b").as_deref(), Some(&b"2"[..]));
}

#[test]
fn a_lifetime_of_nothing_is_over_and_a_long_one_is_not() {
    let scene = Scene::new();
    let cache = scene.cache();
    cache.put(&[
        Entry { key: "none", value: b"1", ttl: Some(Duration::ZERO) },
        Entry { key: "hour", value: b"2", ttl: Some(Duration::from_secs(3_600)) },
        Entry { key: "ages", value: b"3", ttl: Some(Duration::MAX) },
    ]);
    assert_eq!(cache.get(&["none", "hour", "ages"]), [None, Some(b"2".to_vec()), Some(b"3".to_vec())]);
}

#[test]
fn stats_count_by_kind() {
    let scene = Scene::new();
    let cache = Cache::open(Settings { limit_bytes: 77_000_000, ..scene.settings() });
    put(&cache, &keys("map", 2), 500);
    put(&cache, &keys("ast", 30), 1_000);
    put_one(&cache, "plain", b"12345");
    let stats = cache.stats();
    assert_eq!((stats.path.as_path(), stats.mode, stats.limit_bytes), (&*scene.file(), Mode::ReadWrite, 77_000_000));
    assert_eq!(stats.entries, 33);
    let kind = |name: &str, entries, bytes| Kind { name: name.to_string(), entries, bytes };
    assert_eq!(stats.kinds, [kind("ast", 30, 30_000), kind("map", 2, 1_000), kind("plain", 1, 5)]);
    assert!((31_005..200_000).contains(&stats.bytes), "{}", stats.bytes);
}

#[test]
fn clear_empties_the_cache_and_the_disk() {
    let scene = Scene::new();
    let cache = scene.cache();
    let other = scene.cache();
    let keys = keys("ast", 1_000);
    put(&cache, &keys, 10_000);
    assert!(cache.clear());
    assert_eq!(present(&other, &keys, 10_000), 0);
    assert_eq!((cache.stats().entries, cache.stats().kinds), (0, vec![]));
    assert_works(&other);
    assert!(cache.clear());
    drop((cache, other));
    assert!(scene.file().metadata().unwrap().len() < 50_000);
    assert_sound(&scene.file());
}

#[test]
fn directories_are_made_whatever_they_are_called() {
    let scene = Scene::new();
    for name in ["a/b/c", "file:x", "with space", "%41?immutable=1#x", "ünïcode", "quote'\"", ":memory:", "-wal"] {
        let directory = scene.path().join(name);
        let cache = Cache::open(crate::fixture::settings(&directory));
        assert_works(&cache);
        assert!(directory.join("astlas-cache-1.sqlite").is_file(), "{name}");
        assert_eq!(cache.take_warnings(), []);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_directory_name_need_not_be_unicode() {
    use std::os::unix::ffi::OsStrExt;
    let scene = Scene::new();
    let directory = scene.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9 \xff"));
    let cache = Cache::open(crate::fixture::settings(&directory));
    assert_works(&cache);
    assert_eq!(cache.take_warnings(), []);
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_what_is_made() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let scene = Scene::new();
    let directory = scene.path().join("new/cache");
    let cache = Cache::open(crate::fixture::settings(&directory));
    assert_works(&cache);
    assert_eq!(mode(&directory), 0o700);
    for entry in directory.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if !path.ends_with("astlas-cache-1.lock") {
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
    }
    // A directory that was there keeps its rights: it may be shared on purpose.
    std::fs::set_permissions(scene.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    assert_works(&scene.cache());
    assert_eq!(mode(scene.path()), 0o755);
}
