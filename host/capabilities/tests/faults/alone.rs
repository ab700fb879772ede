//! A test in a process of its own: one that counts what the process has, that limits it, or that is another user.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::Command,
};

/// The variable that says to such a process where it may write.
const FOLDER: &str = "ASTLAS_FAULTS_FOLDER";
/// An account with no rights of its own.
const NOBODY: u32 = 65_534;

/// In a process started here: its folder.
pub fn folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(Into::into)
}

/// Runs a test once more, as another process.
pub fn run(test: &str, folder: &Path) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    expect_passed(dressed(&mut command, test, folder));
}

/// The same where no file can grow beyond so many bytes, until the process itself says otherwise.
pub fn run_without_room(test: &str, folder: &Path, bytes: u64) {
    // Writing beyond that fails; the signal that would end the process is ignored. The shell counts in blocks of 512.
    let limited = format!("trap '' XFSZ; ulimit -S -f {}; exec \"$@\"", bytes / 512);
    let mut command = Command::new("sh");
    command.args(["-c", &limited, "sh"]).arg(std::env::current_exe().unwrap());
    expect_passed(dressed(&mut command, test, folder));
}

/// The same as a user whom permissions bind.
pub fn run_as_another_user(test: &str, folder: &Path) {
    if fs::metadata(folder).unwrap().uid() != 0 {
        return run(test, folder);
    }
    // A copy, for the build's folder may be closed to others. Made by another process: a file that this one has open to
    // write would be busy, for it starts others meanwhile.
    let place = tempfile::tempdir().unwrap();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = place.path().join("test");
    assert!(Command::new("cp").arg(std::env::current_exe().unwrap()).arg(&program).status().unwrap().success());
    let mut command = Command::new(program);
    expect_passed(dressed(&mut command, test, folder).current_dir("/").uid(NOBODY).gid(NOBODY));
}

fn dressed<'a>(command: &'a mut Command, test: &str, folder: &Path) -> &'a mut Command {
    command.args([test, "--exact", "--nocapture"]).env(FOLDER, folder)
}

/// A name that no test has would end well, too, having run none.
fn expect_passed(command: &mut Command) {
    let output = command.output().unwrap();
    let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}{told}");
    said.lines().filter(|line| line.starts_with("tried: ")).for_each(|line| println!("{line}"));
}
