//! Places that cannot be written, or that can be written no more.
//!
//! Permissions do not bind the superuser, so the part that meets them is played by a process of another user.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use crate::fixture::{
    Scene, again, expect_off, expect_played, expect_reading, expect_unusable, filled, keys, present, put, role,
    settings,
};
use astlas_cache::{Cache, Warning};

const LENGTH: usize = 3_000;
/// An account with no rights of its own.
const NOBODY: u32 = 65_534;

#[test]
fn a_path_under_a_file_cannot_hold_a_cache() {
    let scene = Scene::new();
    fs::write(scene.path().join("file"), b"kept").unwrap();
    for below in ["file", "file/cache", "file/a/b"] {
        let directory = scene.path().join(below);
        let cache = Cache::open(settings(&directory));
        let warnings = cache.take_warnings();
        assert!(matches!(&warnings[..], [Warning::Unusable { path, .. }] if *path == directory), "{warnings:?}");
        expect_off(&cache);
    }
    assert_eq!(fs::read(scene.path().join("file")).unwrap(), b"kept");
}

#[test]
fn names_that_no_file_can_have_are_no_error() {
    let scene = Scene::new();
    for directory in ["x".repeat(300), "x/".repeat(3_000), "nul\0".to_string()] {
        let cache = Cache::open(settings(&scene.path().join(directory)));
        assert!(matches!(cache.take_warnings()[..], [Warning::Unusable { .. }]));
        expect_off(&cache);
    }
}

#[test]
fn something_else_in_place_of_the_lock_is_no_error() {
    let scene = Scene::new();
    fs::create_dir(scene.path().join("astlas-cache-1.lock")).unwrap();
    let cache = scene.cache();
    assert!(matches!(cache.take_warnings()[..], [Warning::Unusable { .. }]));
    expect_off(&cache);
}

#[test]
fn a_read_only_directory_is_read() {
    const NAME: &str = "protected::a_read_only_directory_is_read";
    if let Some((_, directory)) = role() {
        return expect_reading(&directory, 40, LENGTH);
    }
    let (scene, _) = filled(40, LENGTH);
    let names = scene.names();
    protect(&scene, 0o444, 0o555);
    as_another_user(NAME, &scene);
    assert_eq!(scene.names(), names);
    end(&scene);
}

#[test]
fn a_read_only_directory_is_read_while_its_owner_writes() {
    const NAME: &str = "protected::a_read_only_directory_is_read_while_its_owner_writes";
    if let Some((_, directory)) = role() {
        return expect_reading(&directory, 50, LENGTH);
    }
    let (scene, _) = filled(40, LENGTH);
    let cache = scene.cache();
    // Only the write-ahead file has these.
    put(&cache, &keys("ahead", 10), LENGTH);
    protect(&scene, 0o444, 0o555);
    as_another_user(NAME, &scene);
    put(&cache, &keys("later", 10), LENGTH);
    assert_eq!(present(&cache, &keys("later", 10), LENGTH), 10);
    drop(cache);
    end(&scene);
}

#[test]
fn a_read_only_file_is_read() {
    const NAME: &str = "protected::a_read_only_file_is_read";
    if let Some((_, directory)) = role() {
        return expect_reading(&directory, 40, LENGTH);
    }
    let (scene, _) = filled(40, LENGTH);
    let before = fs::read(scene.file()).unwrap();
    protect(&scene, 0o444, 0o777);
    as_another_user(NAME, &scene);
    assert_eq!(fs::read(scene.file()).unwrap(), before);
    end(&scene);
}

#[test]
fn a_read_only_directory_without_a_cache_holds_none() {
    const NAME: &str = "protected::a_read_only_directory_without_a_cache_holds_none";
    if let Some((_, directory)) = role() {
        return expect_unusable(&directory);
    }
    let scene = Scene::new();
    protect(&scene, 0o444, 0o555);
    as_another_user(NAME, &scene);
    assert_eq!(scene.names(), [""; 0]);
    end(&scene);
}

#[test]
fn a_bad_file_in_a_read_only_directory_stays() {
    const NAME: &str = "protected::a_bad_file_in_a_read_only_directory_stays";
    if let Some((_, directory)) = role() {
        return expect_unusable(&directory);
    }
    for mode in [0o444, 0o666] {
        let scene = Scene::new();
        fs::write(scene.file(), b"garbage").unwrap();
        fs::write(scene.path().join("astlas-cache-1.lock"), b"").unwrap();
        protect(&scene, mode, 0o555);
        as_another_user(NAME, &scene);
        assert_eq!(fs::read(scene.file()).unwrap(), b"garbage");
        end(&scene);
    }
}

#[test]
fn a_file_that_may_not_be_read_is_left_alone() {
    const NAME: &str = "protected::a_file_that_may_not_be_read_is_left_alone";
    if let Some((_, directory)) = role() {
        return expect_unusable(&directory);
    }
    let (scene, _) = filled(40, LENGTH);
    let names = scene.names();
    protect(&scene, 0o000, 0o777);
    as_another_user(NAME, &scene);
    assert_eq!(scene.names(), names);
    fs::set_permissions(scene.file(), fs::Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(scene.path().join("astlas-cache-1.lock"), fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(present(&scene.cache(), &keys("ast", 40), LENGTH), 40);
    end(&scene);
}

/// Sets the mode of all files, and of the directory.
fn protect(scene: &Scene, files: u32, directory: u32) {
    for name in scene.names() {
        // SQLite's index of the write-ahead file included: who may not write it cannot lock it either.
        fs::set_permissions(scene.path().join(name), fs::Permissions::from_mode(files)).unwrap();
    }
    fs::set_permissions(scene.path(), fs::Permissions::from_mode(directory)).unwrap();
}

/// Makes the directory removable again.
fn end(scene: &Scene) {
    fs::set_permissions(scene.path(), fs::Permissions::from_mode(0o700)).unwrap();
}

/// Plays this test's other part as a user whom permissions bind.
fn as_another_user(test: &str, scene: &Scene) {
    let superuser = fs::metadata(scene.path()).unwrap().uid() == 0;
    // A copy, for the build's directory may be closed to others.
    let copy = superuser.then(|| {
        let place = tempfile::tempdir().unwrap();
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let program = place.path().join("test");
        // By another process: a file that this one has open to write would be busy, for it starts others meanwhile.
        let copied = Command::new("cp").arg(std::env::current_exe().unwrap()).arg(&program).status();
        assert!(copied.unwrap().success());
        (place, program)
    });
    let program: PathBuf =
        copy.as_ref().map_or_else(|| std::env::current_exe().unwrap(), |(_, program)| program.clone());
    let mut command = again(program, test, "other", scene.path());
    command.current_dir("/");
    if superuser {
        command.uid(NOBODY).gid(NOBODY);
    }
    expect_played(&mut command);
}
