//! The SQLite cache by itself: what each operation costs. The file system of the temporary folder matters: memory and
//! disk differ.

use std::{
    cell::Cell,
    hint::black_box,
    path::Path,
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Result, ensure};
use astlas_cache::{Cache, Entry, Settings};

use crate::{
    measure::{Runs, thread_seconds},
    report::{row, runs, short, table},
};

pub fn bench(rounds: u32) -> Result<()> {
    let rounds = u64::from(rounds.max(5));
    let folder = tempfile::tempdir()?;
    let path = folder.path();
    table("The cache", &["operation", "CPU", "wall"]);
    measure(rounds, "open where there is none, close", || {
        drop(Cache::open(settings(tempfile::tempdir_in(path)?.path())));
        Ok(())
    })?;

    let cache = Cache::open(settings(path));
    let mut batch = 0;
    measure(rounds, "put 3,000 of 5 KB at once", || {
        batch += 1;
        put(&cache, batch, 3_000, 5_000);
        Ok(())
    })?;
    let many: Vec<String> = (0..5_000).map(|index| key(1 + index % rounds, index * 3_000 / 5_000)).collect();
    measure(rounds, "get 5,000 of 5 KB at once", || get(&cache, &many))?;
    measure(rounds, "get one of 5 KB", || get(&cache, &[key(1, 7)]))?;
    measure(rounds, "put one of 20 MB", || {
        put(&cache, u64::MAX, 1, 20_000_000);
        Ok(())
    })?;
    measure(rounds, "get one of 20 MB", || get(&cache, &[key(u64::MAX, 0)]))?;
    measure(rounds, "stats", || {
        black_box(cache.stats());
        Ok(())
    })?;
    drop(cache);

    measure(rounds, "open, get 3 of 5 KB, close", || {
        get(&Cache::open(settings(path)), &[key(1, 7), key(2, 8), key(3, 9)])
    })?;
    measure(rounds, "open, put 3,000 of 5 KB, close", || {
        batch += 1;
        put(&Cache::open(settings(path)), batch, 3_000, 5_000);
        Ok(())
    })?;
    measure(rounds, "note 5,000 uses", || {
        // As from the next day on: each round two hours later than the one before.
        LATER.with(|later| later.set(later.get() + 2));
        get(&Cache::open(Settings { clock: later, ..settings(path) }), &many)
    })?;

    let used = Cache::open(settings(path)).stats().bytes;
    let cache = Cache::open(Settings { limit_bytes: used, ..settings(path) });
    measure(1, "put 3,000 of 5 KB and evict a fifth", || {
        put(&cache, 1_000, 3_000, 5_000);
        Ok(())
    })?;
    let megabytes = |bytes: u64| short(bytes as f64 / 1e6);
    println!("\nIn use: {} MB before the eviction, {} MB after.", megabytes(used), megabytes(cache.stats().bytes));
    let warnings = cache.take_warnings();
    ensure!(warnings.is_empty(), "the cache was not used as it should: {}", warnings[0]);
    Ok(())
}

thread_local! {
    static LATER: Cell<u64> = const { Cell::new(0) };
}

fn later() -> SystemTime {
    SystemTime::now() + Duration::from_secs(3_600 * LATER.with(Cell::get))
}

fn settings(folder: &Path) -> Settings {
    Settings::new(folder)
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

fn get(cache: &Cache, keys: &[String]) -> Result<()> {
    let found = cache.get(keys).iter().flatten().count();
    ensure!(found == keys.len(), "only {found} of {} values were there", keys.len());
    Ok(())
}

/// A row of the table.
fn measure(rounds: u64, name: &str, mut action: impl FnMut() -> Result<()>) -> Result<()> {
    let (mut cpu, mut wall) = (Runs::default(), Runs::default());
    for _ in 0..rounds {
        let start = Instant::now();
        let (seconds, done) = thread_seconds(&mut action);
        done?;
        cpu.push(seconds);
        wall.push(start.elapsed().as_secs_f64());
    }
    row(&[name.into(), runs(&cpu, 1e3, "ms"), runs(&wall, 1e3, "ms")]);
    Ok(())
}
