//! Measures the cache: `cargo run --release -p astlas-cache --example measure [DIRECTORY]`.
//!
//! Prints the median of several rounds for each operation: time by the clock, and time of this process on a processor
//! (on Linux), which a busy machine disturbs less. The directory's file system matters: memory and disk differ.

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use astlas_cache::{Cache, Entry, Settings};

const ROUNDS: u64 = 9;

fn main() -> Result<(), Box<dyn Error>> {
    let directory = match std::env::args_os().nth(1) {
        Some(parent) => tempfile::tempdir_in(parent)?,
        None => tempfile::tempdir()?,
    };
    let path = directory.path();

    measure("open where there is none, close", || {
        drop(tempfile::tempdir_in(path).map(|new| Cache::open(settings(new.path()))))
    });

    let cache = Cache::open(settings(path));
    let mut batch = 0;
    measure("put 3,000 of 5 KB at once", || {
        batch += 1;
        put(&cache, batch, 3_000, 5_000);
    });
    measure("get 5,000 of 5 KB at once", || {
        let keys: Vec<String> = (0..5_000).map(|index| key(1 + index % ROUNDS, index * 3_000 / 5_000)).collect();
        assert!(cache.get(&keys).iter().all(Option::is_some));
    });
    measure("get one of 5 KB", || drop(black_box(cache.get(&[key(1, 7)]))));
    measure("put one of 20 MB", || put(&cache, 100, 1, 20_000_000));
    measure("get one of 20 MB", || assert!(cache.get(&[key(100, 0)])[0].is_some()));
    measure("stats", || drop(black_box(cache.stats())));
    print("close after all that", time(|| drop(cache)));

    measure("open, get 3 of 5 KB, close", || {
        let cache = Cache::open(settings(path));
        assert!(cache.get(&[key(1, 7), key(2, 8), key(3, 9)]).iter().all(Option::is_some));
    });
    measure("open, put 3,000 of 5 KB, close", || {
        batch += 1;
        put(&Cache::open(settings(path)), batch, 3_000, 5_000);
    });
    measure("note 5,000 uses", || {
        // As from the next day on: each round two hours later than the one before.
        LATER.with(|later| later.set(later.get() + 2));
        let cache = Cache::open(Settings { clock: later, ..settings(path) });
        let keys: Vec<String> = (0..5_000).map(|index| key(1 + index % ROUNDS, index * 3_000 / 5_000)).collect();
        assert!(cache.get(&keys).iter().all(Option::is_some));
    });

    let used = Cache::open(settings(path)).stats().bytes;
    let cache = Cache::open(Settings { limit_bytes: used, ..settings(path) });
    print("put 3,000 of 5 KB and evict a fifth", time(|| put(&cache, 1_000, 3_000, 5_000)));
    println!("{:>10.1} MB in use before, {:.1} MB after", used as f64 / 1e6, cache.stats().bytes as f64 / 1e6);
    for warning in cache.take_warnings() {
        eprintln!("{warning}");
    }
    Ok(())
}

thread_local! {
    static LATER: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

fn later() -> std::time::SystemTime {
    std::time::SystemTime::now() + Duration::from_secs(3_600 * LATER.with(std::cell::Cell::get))
}

fn settings(directory: &Path) -> Settings {
    Settings::new(directory)
}

/// Keys as the program makes them: the end of each is a hash, so neighbours in time are strangers by key.
fn key(batch: u64, index: u64) -> String {
    let mut hash = String::with_capacity(64);
    let mut state = batch << 32 | index;
    for _ in 0..4 {
        state = (state ^ state >> 29).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state ^= state >> 32;
        hash += &format!("{state:016x}");
    }
    format!("ast:1:python:{hash}")
}

fn put(cache: &Cache, batch: u64, count: u64, bytes: usize) {
    let keys: Vec<String> = (0..count).map(|index| key(batch, index)).collect();
    let value = vec![7_u8; bytes];
    let entries: Vec<Entry<'_>> = keys.iter().map(|key| Entry { key, value: &value, ttl: None }).collect();
    cache.put(&entries);
}

fn measure(name: &str, mut action: impl FnMut()) {
    let mut times: Vec<_> = (0..ROUNDS).map(|_| time(&mut action)).collect();
    let middle = times.len() / 2;
    let clock = times.select_nth_unstable_by_key(middle, |times| times.0).1.0;
    let processor = times.select_nth_unstable_by_key(middle, |times| times.1).1.1;
    print(name, (clock, processor));
}

/// By the clock, and on a processor.
fn time(action: impl FnOnce()) -> (Duration, Duration) {
    let (start, before) = (Instant::now(), processor());
    action();
    (start.elapsed(), processor().saturating_sub(before))
}

/// Time that the main thread has been running; 0 where the system does not tell.
fn processor() -> Duration {
    let schedule = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    Duration::from_nanos(schedule.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0))
}

fn print(name: &str, (clock, processor): (Duration, Duration)) {
    println!("{:>10.3} ms {:>10.3} ms  {name}", clock.as_secs_f64() * 1e3, processor.as_secs_f64() * 1e3);
}
