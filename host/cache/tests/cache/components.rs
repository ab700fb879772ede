//! The compiled components beside the cache file: counted, cleared, and let go.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::fixture::{Scene, get_one, keys, present, put, put_one};
use astlas_cache::{Cache, Settings};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// A scene with two compiled components, one of them half written, and a file that is none.
fn compiled(bytes: usize) -> (Scene, [PathBuf; 3]) {
    let scene = Scene::new();
    let folder = scene.settings().components();
    fs::create_dir(&folder).unwrap();
    let files = ["parser-1.cwasm", "parser-1.cwasm.77", "notes"].map(|name| folder.join(name));
    for file in &files {
        fs::write(file, vec![0; bytes]).unwrap();
    }
    (scene, files)
}

fn there(files: &[PathBuf; 3]) -> [bool; 3] {
    files.each_ref().map(|file| file.exists())
}

#[test]
fn they_are_counted_and_cleared_with_the_rest() {
    let (scene, files) = compiled(5_000);
    let cache = scene.cache();
    put_one(&cache, "ast:1", b"1");
    put_one(&cache, "merkle:1", b"1");
    let stats = cache.stats();
    let kinds: Vec<_> = stats.kinds.iter().map(|kind| (kind.name.as_str(), kind.entries, kind.bytes)).collect();
    assert_eq!(kinds, [("ast", 1, 1), ("components", 2, 10_000), ("merkle", 1, 1)]);
    assert_eq!(stats.entries, 4);
    assert!(stats.bytes > 10_000 + fs::metadata(scene.file()).unwrap().len() / 2);
    assert!(cache.clear());
    assert_eq!((there(&files), cache.stats().entries), ([false, false, true], 0));
    assert!(cache.clear(), "nothing to clear is no failure");
}

#[test]
fn they_take_from_the_limit_up_to_half_of_it() {
    let limit_bytes = 2_000_000;
    for (bytes, least, most) in
        [(0, 1_500_000, 2_000_000), (250_000, 1_000_000, 1_500_000), (9_000_000, 700_000, 1_000_000)]
    {
        let (scene, _) = compiled(bytes);
        let cache = Cache::open(Settings { limit_bytes, ..scene.settings() });
        for batch in 0..20 {
            put(&cache, &keys(&format!("b{batch}"), 20), 7_000);
        }
        let of_file = cache.stats().bytes - 2 * bytes as u64;
        assert!((least..=most).contains(&of_file), "{bytes}: {of_file}");
        assert!(present(&cache, &keys("b19", 20), 7_000) == 20);
    }
}

#[test]
fn those_of_versions_long_gone_are_removed() {
    let (scene, files) = compiled(10);
    for (days, left) in [(29, [true; 3]), (31, [false, true, true])] {
        let written = SystemTime::now() - days * DAY;
        fs::File::options().write(true).open(&files[0]).unwrap().set_modified(written).unwrap();
        assert_eq!(get_one(&scene.cache(), "k"), None);
        assert_eq!(there(&files), left);
    }
}
