//! What the tests share: a directory, values that can be checked, and the test itself as another process.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use astlas_cache::{Cache, Entry, Mode, Settings, Warning};
use tempfile::TempDir;

/// A directory for a cache; gone at the end of the test.
pub struct Scene(TempDir);

impl Scene {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Waits for nobody longer than a busy machine makes necessary.
    pub fn settings(&self) -> Settings {
        settings(self.path())
    }

    pub fn cache(&self) -> Cache {
        Cache::open(self.settings())
    }

    pub fn file(&self) -> PathBuf {
        self.path().join("astlas-cache-1.sqlite")
    }

    /// The name beside the cache file with `suffix` after it.
    pub fn beside(&self, suffix: &str) -> PathBuf {
        self.path().join(format!("astlas-cache-1.sqlite{suffix}"))
    }

    /// Names of all files, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = self.path().read_dir().unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

pub fn settings(directory: &Path) -> Settings {
    Settings { busy_timeout: Duration::from_secs(30), ..Settings::new(directory) }
}

/// A value that follows from its key, so that a wrong one is noticed.
pub fn value(key: &str, length: usize) -> Vec<u8> {
    let mut state = key.bytes().fold(7_u64, |state, byte| state.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}

/// Puts the value of each key, all of one length, in one call.
pub fn put(cache: &Cache, keys: &[String], length: usize) {
    let values: Vec<_> = keys.iter().map(|key| value(key, length)).collect();
    let entries: Vec<_> = keys.iter().zip(&values).map(|(key, value)| Entry { key, value, ttl: None }).collect();
    cache.put(&entries);
}

pub fn put_one(cache: &Cache, key: &str, value: &[u8]) {
    cache.put(&[Entry { key, value, ttl: None }]);
}

pub fn get_one(cache: &Cache, key: &str) -> Option<Vec<u8>> {
    cache.get(&[key]).pop().unwrap()
}

/// `count` keys of one kind.
pub fn keys(kind: &str, count: usize) -> Vec<String> {
    (0..count).map(|index| format!("{kind}:{:04}", index * 7919 % 10_000)).collect()
}

/// A scene with a cache of `count` values of `length` bytes each, closed; and their keys.
pub fn filled(count: usize, length: usize) -> (Scene, Vec<String>) {
    let scene = Scene::new();
    let keys = keys("ast", count);
    put(&scene.cache(), &keys, length);
    (scene, keys)
}

/// How many of the keys have a value. Each value must be the right one.
pub fn present(cache: &Cache, keys: &[String], length: usize) -> usize {
    let values = cache.get(keys);
    assert_eq!(values.len(), keys.len());
    let found = keys.iter().zip(values).filter_map(|(key, found)| Some((key, found?)));
    found.inspect(|(key, found)| assert!(*found == value(key, length), "wrong value of {key}")).count()
}

/// That a cache keeps what it is given.
pub fn assert_works(cache: &Cache) {
    put_one(cache, "works:1", b"yes");
    assert_eq!(get_one(cache, "works:1").as_deref(), Some(&b"yes"[..]), "{:?}", cache.take_warnings());
    assert!(cache.stats().kinds.iter().any(|kind| kind.name == "works"), "{:?}", cache.take_warnings());
}

/// SQLite's own opinion of the file.
pub fn assert_sound(file: &Path) {
    let connection = rusqlite::Connection::open(file).unwrap();
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
    let unmatched = "SELECT (SELECT count(*) FROM entry WHERE id NOT IN (SELECT id FROM value)) \
                     + (SELECT count(*) FROM value WHERE id NOT IN (SELECT id FROM entry))";
    let unmatched: i64 = connection.query_row(unmatched, [], |row| row.get(0)).unwrap();
    assert_eq!(unmatched, 0, "entries without a value, or values without an entry");
}

const ROLE: &str = "ASTLAS_CACHE_TEST_ROLE";
const DIRECTORY: &str = "ASTLAS_CACHE_TEST_DIRECTORY";

/// In a process started by [`again`]: what it is to do, and where.
pub fn role() -> Option<(String, PathBuf)> {
    Some((std::env::var(ROLE).ok()?, std::env::var_os(DIRECTORY)?.into()))
}

/// This test once more, as another process with a part to play.
pub fn again(program: impl AsRef<std::ffi::OsStr>, test: &str, role: &str, directory: &Path) -> Command {
    let mut command = Command::new(program);
    dress(command.args(arguments(test)), role, directory);
    command
}

pub fn arguments(test: &str) -> [&str; 3] {
    [test, "--exact", "--nocapture"]
}

/// Gives a command its part.
pub fn dress(command: &mut Command, role: &str, directory: &Path) {
    command.env(ROLE, role).env(DIRECTORY, directory).stdin(Stdio::null());
}

/// [`again`] with this very program, started.
pub fn start(test: &str, role: &str, scene: &Scene) -> Child {
    let program = std::env::current_exe().unwrap();
    again(program, test, role, scene.path()).stdout(Stdio::null()).spawn().unwrap()
}

/// Waits for processes that must end well.
pub fn join(children: Vec<Child>) {
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
}

/// Expects `count` values that can be read, and a cache that takes no others.
pub fn expect_reading(directory: &Path, count: usize, length: usize) {
    let cache = Cache::open(settings(directory));
    let found = present(&cache, &keys("ast", 40), length) + present(&cache, &keys("ahead", 10), length);
    assert_eq!(found, count, "{:?}", cache.take_warnings());
    put_one(&cache, "new", b"value");
    assert_eq!(get_one(&cache, "new").as_deref(), Some(&b"value"[..]));
    assert_eq!(get_one(&Cache::open(settings(directory)), "new"), None);
    assert!(!cache.clear());
    assert_eq!(get_one(&cache, "new"), None);
    assert_eq!(cache.stats().mode, Mode::ReadOnly);
    assert_eq!(cache.stats().entries, count as u64);
    let warnings = cache.take_warnings();
    let named = directory.join("astlas-cache-1.sqlite");
    assert!(matches!(&warnings[..], [Warning::ReadOnly { file, .. }] if *file == named), "{warnings:?}");
}

pub fn expect_unusable(directory: &Path) {
    let cache = Cache::open(settings(directory));
    let warnings = cache.take_warnings();
    assert!(matches!(warnings[..], [Warning::Unusable { .. }]), "{warnings:?}");
    expect_off(&cache);
    assert_eq!(cache.take_warnings(), []);
}

/// Expects a cache that remembers nothing but what this process put there.
pub fn expect_off(cache: &Cache) {
    put_one(cache, "k", b"v");
    assert_eq!(get_one(cache, "k").as_deref(), Some(&b"v"[..]));
    assert!(!cache.clear());
    assert_eq!(get_one(cache, "k"), None);
    assert_eq!((cache.stats().mode, cache.stats().entries), (Mode::Off, 0));
}

/// Runs the other part to its end. A name that no test has would end well, too, having run none.
pub fn expect_played(command: &mut Command) {
    let output = command.output().unwrap();
    let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}{told}");
}
