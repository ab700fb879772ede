//! Disks without room.

use std::fs;
use std::process::Command;

use astlas_cache::{Cache, Warning};

use crate::fixture::{
    Scene, arguments, assert_sound, assert_works, dress, expect_played, expect_reading, expect_unusable, filled,
    get_one, keys, present, put, role, settings,
};

const LENGTH: usize = 3_000;

#[test]
fn a_disk_that_takes_no_more_costs_later_runs_new_values_only() {
    const NAME: &str = "disk::a_disk_that_takes_no_more_costs_later_runs_new_values_only";
    if let Some((_, directory)) = role() {
        let cache = Cache::open(settings(&directory));
        assert_works(&cache);
        for _ in 0..3 {
            put(&cache, &keys("much", 400), 100_000);
        }
        assert_eq!(present(&cache, &keys("much", 400), 100_000), 400);
        assert_eq!(present(&Cache::open(settings(&directory)), &keys("much", 400), 100_000), 0);
        assert_eq!(present(&cache, &keys("ast", 40), LENGTH), 40);
        let warnings = cache.take_warnings();
        assert!(matches!(warnings[..], [Warning::Full { .. } | Warning::Failing { .. }]), "{warnings:?}");
        return;
    }
    let (scene, _) = filled(40, LENGTH);
    on_a_disk_of(4_000, NAME, &scene);
    let cache = scene.cache();
    assert_eq!(present(&cache, &keys("ast", 40), LENGTH), 40);
    assert!(get_one(&cache, "works:1").is_some());
    assert_eq!(cache.take_warnings(), []);
    drop(cache);
    assert_sound(&scene.file());
}

#[test]
fn a_disk_that_takes_nothing_is_read() {
    const NAME: &str = "disk::a_disk_that_takes_nothing_is_read";
    if let Some((_, directory)) = role() {
        return expect_reading(&directory, 40, LENGTH);
    }
    let (scene, _) = filled(40, LENGTH);
    let before = fs::read(scene.file()).unwrap();
    on_a_disk_of(0, NAME, &scene);
    assert_eq!(fs::read(scene.file()).unwrap(), before);
    assert_eq!(present(&scene.cache(), &keys("ast", 40), LENGTH), 40);
}

#[test]
fn a_disk_that_takes_nothing_holds_no_new_cache() {
    const NAME: &str = "disk::a_disk_that_takes_nothing_holds_no_new_cache";
    if let Some((_, directory)) = role() {
        return expect_unusable(&directory);
    }
    let scene = Scene::new();
    on_a_disk_of(0, NAME, &scene);
    assert_works(&scene.cache());
}

/// Plays this test's other part where files cannot grow beyond so many blocks.
fn on_a_disk_of(blocks: u32, test: &str, scene: &Scene) {
    // Writing beyond that fails; the signal that would end the process is ignored.
    let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &limited, "sh"]).arg(std::env::current_exe().unwrap()).args(arguments(test));
    dress(&mut command, "limited", scene.path());
    expect_played(&mut command);
}
