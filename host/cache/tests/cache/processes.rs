//! Several processes on one file, and what is left of it when they are killed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::fixture::{
    Scene, again, assert_sound, assert_works, get_one, join, keys, present, put, put_one, role, settings, start, value,
};
use astlas_cache::{Cache, Mode, Settings, Warning};

#[test]
fn processes_that_come_first_together_make_one_file() {
    const NAME: &str = "processes::processes_that_come_first_together_make_one_file";
    const TOGETHER: usize = 6;
    if let Some((part, directory)) = role() {
        await_signal(&directory);
        let cache = Cache::open(settings(&directory));
        put_one(&cache, &part, b"here");
        assert_eq!(get_one(&cache, &part).as_deref(), Some(&b"here"[..]));
        assert_eq!(cache.take_warnings(), []);
        return;
    }
    for _ in 0..4 {
        let scene = Scene::new();
        let parts: Vec<_> = (0..TOGETHER).map(|part| format!("part:{part}")).collect();
        let children = parts.iter().map(|part| start(NAME, part, &scene)).collect();
        signal(&scene);
        join(children);
        assert!(scene.cache().get(&parts).iter().all(Option::is_some));
        assert_sound(&scene.file());
    }
}

#[test]
fn processes_that_find_a_bad_file_together_put_it_aside_once() {
    const NAME: &str = "processes::processes_that_find_a_bad_file_together_put_it_aside_once";
    if let Some((part, directory)) = role() {
        await_signal(&directory);
        let cache = Cache::open(settings(&directory));
        put_one(&cache, &part, b"here");
        assert_eq!(get_one(&cache, &part).as_deref(), Some(&b"here"[..]));
        let told = if cache.take_warnings().is_empty() { "" } else { "told" };
        fs::write(directory.join(format!("{}.end", part.replace(':', "-"))), told).unwrap();
        return;
    }
    for content in ["garbage".repeat(1_000), "xy".to_string()] {
        let scene = Scene::new();
        fs::write(scene.file(), &content).unwrap();
        let parts: Vec<_> = (0..6).map(|part| format!("part:{part}")).collect();
        let children = parts.iter().map(|part| start(NAME, part, &scene)).collect();
        signal(&scene);
        join(children);
        assert_eq!(fs::read_to_string(scene.beside(".bad-1")).unwrap(), content);
        assert!(!scene.beside(".bad-2").exists());
        assert!(scene.cache().get(&parts).iter().all(Option::is_some));
        let ends = scene.names().into_iter().filter(|name| name.ends_with(".end"));
        let told = ends.filter(|name| fs::read_to_string(scene.path().join(name)).unwrap() == "told").count();
        assert_eq!(told, 1);
        assert_sound(&scene.file());
    }
}

#[test]
fn processes_write_and_read_at_once_and_evict_each_others() {
    const NAME: &str = "processes::processes_write_and_read_at_once_and_evict_each_others";
    const LENGTH: usize = 6_000;
    let limited = |directory: &Path| Cache::open(Settings { limit_bytes: 3_000_000, ..settings(directory) });
    let batches = |part: &str| (0..40).map(|batch| keys(&format!("{part}-{batch}"), 15)).collect::<Vec<_>>();
    if let Some((part, directory)) = role() {
        await_signal(&directory);
        let cache = limited(&directory);
        for (mine, theirs) in batches(&part).iter().zip(batches("w0")) {
            if part.starts_with('w') {
                put(&cache, mine, LENGTH);
            }
            // A batch is there as a whole or, but for its eviction, not at all; each value is the right one.
            present(&cache, mine, LENGTH);
            present(&cache, &theirs, LENGTH);
            assert!(cache.stats().bytes <= 3_000_000);
        }
        assert_eq!(cache.take_warnings(), []);
        return;
    }
    let scene = Scene::new();
    let children = ["w0", "w1", "w2", "r0", "r1"].map(|part| start(NAME, part, &scene)).into();
    signal(&scene);
    join(children);
    let stats = limited(scene.path()).stats();
    assert!(stats.bytes <= 3_000_000 && stats.entries > 200, "{stats:?}");
    assert_sound(&scene.file());
}

#[test]
fn a_process_killed_while_writing_leaves_whole_batches() {
    const NAME: &str = "processes::a_process_killed_while_writing_leaves_whole_batches";
    const LENGTH: usize = 9_000;
    /// Batches that fit into the cache, however long it takes until the process is killed.
    const MOST: usize = 1_000;
    let batch = |part: &str, number: usize| keys(&format!("{part}-{number}"), 12);
    if let Some((part, directory)) = role() {
        let cache = Cache::open(settings(&directory));
        for number in 0..MOST {
            put(&cache, &batch(&part, number), LENGTH);
            assert_eq!(cache.take_warnings(), []);
            println!("put {number}");
        }
        // Until it is killed.
        loop {
            std::thread::park();
        }
    }
    let scene = Scene::new();
    for round in 0..12 {
        let mut writers: Vec<(String, Child)> = (0..2)
            .map(|writer| {
                let part = format!("r{round}w{writer}");
                let program = std::env::current_exe().unwrap();
                let command = &mut again(program, NAME, &part, scene.path());
                (part, command.stdout(Stdio::piped()).spawn().unwrap())
            })
            .collect();
        // Each is killed a little later than the round before: sooner or later in every part of a write.
        let mut said: Vec<Option<usize>> = Vec::new();
        for (_, writer) in &mut writers {
            let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
            let number = |line: String| line.strip_prefix("put ").and_then(|number| number.parse().ok());
            let first = lines.find_map(|line| number(line.unwrap()));
            std::thread::sleep(Duration::from_micros(1_700 * round));
            writer.kill().unwrap();
            writer.wait().unwrap();
            said.push(lines.map_while(Result::ok).filter_map(number).last().or(first));
        }
        let cache = scene.cache();
        for ((part, _), said) in writers.iter().zip(said) {
            let last = said.expect("one batch at least was put");
            for number in 0..=last {
                assert_eq!(present(&cache, &batch(part, number), LENGTH), 12, "{part}: batch {number} of {last}");
            }
            assert!([0, 12].contains(&present(&cache, &batch(part, last + 1), LENGTH)));
        }
        assert_eq!(cache.take_warnings(), []);
        assert!(cache.clear());
        drop(cache);
        assert_sound(&scene.file());
    }
}

#[test]
fn a_process_killed_while_making_the_file_is_no_hindrance() {
    const NAME: &str = "processes::a_process_killed_while_making_the_file_is_no_hindrance";
    if let Some((_, directory)) = role() {
        println!("ready");
        Cache::open(settings(&directory));
        std::process::exit(0);
    }
    for round in 0..30 {
        let scene = Scene::new();
        let program = std::env::current_exe().unwrap();
        let mut child = again(program, NAME, "maker", scene.path()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().ends_with("ready")));
        std::thread::sleep(Duration::from_micros(100 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let cache = scene.cache();
        assert_works(&cache);
        assert_eq!(cache.take_warnings(), []);
        drop(cache);
        assert_sound(&scene.file());
    }
}

#[test]
fn a_writer_locked_out_goes_on_without_and_comes_back() {
    let scene = Scene::new();
    let waited = Duration::from_millis(100);
    let cache = Cache::open(Settings { busy_timeout: waited, ..scene.settings() });
    put_one(&cache, "before", b"1");
    let other = rusqlite::Connection::open(scene.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(!cache.clear());
    // Reading goes on, and writing is not tried again at once: many calls in a row do not each wait.
    let start = Instant::now();
    for _ in 0..1_000 {
        put_one(&cache, "during", b"2");
        assert!(get_one(&cache, "before").is_some() && get_one(&cache, "during").is_some());
    }
    assert!(start.elapsed() < 500 * waited);
    assert_eq!(cache.take_warnings(), [Warning::Locked { file: scene.file(), waited }]);
    drop(other);
    let written = || scene.cache().get(&["during", "after"]).iter().map(Option::is_some).collect::<Vec<_>>();
    let deadline = Instant::now() + Duration::from_secs(60);
    while written() != [false, true] {
        assert!(Instant::now() < deadline);
        put_one(&cache, "after", &value("after", 10));
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(cache.take_warnings(), []);
}

#[test]
fn a_cache_locked_while_opening_is_gone_without() {
    let scene = Scene::new();
    let gate = fs::File::create(scene.path().join("astlas-cache-1.lock")).unwrap();
    gate.lock().unwrap();
    let waited = Duration::from_millis(40);
    let cache = Cache::open(Settings { busy_timeout: waited, ..scene.settings() });
    assert_eq!(cache.take_warnings(), [Warning::Locked { file: scene.file(), waited }]);
    assert_eq!(cache.stats().mode, Mode::Off);
    assert_eq!(get_one(&cache, "k"), None);
    put_one(&cache, "k", b"v");
    assert!(!cache.clear());
    gate.unlock().unwrap();
    assert_works(&scene.cache());
}

/// Lets the processes waiting in [`await_signal`] go, all at once.
fn signal(scene: &Scene) {
    std::thread::sleep(Duration::from_millis(150));
    fs::write(scene.path().join("go"), "").unwrap();
}

fn await_signal(directory: &Path) {
    while !directory.join("go").exists() {
        std::hint::spin_loop();
    }
}
