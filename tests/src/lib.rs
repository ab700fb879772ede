//! What the tests share: the built program, folders to run it on, and real corpora.
//!
//! The tests expect what `cargo xtask test` builds beforehand: the program in target/release, the finished components
//! in target/components. A missing piece fails the test that needs it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "used by tests only")]

pub mod archives;
mod component;
mod conformance;
pub mod faults;

use std::{
    fs,
    io::Write,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, lchown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

pub use component::{COMPONENTS, Component};
pub use conformance::conforms;

/// The user and group called nobody.
const NOBODY: u32 = 65534;

/// The folder that cargo builds into.
pub fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target")
}

/// A folder for one test, with a cache of its own.
pub struct Sandbox {
    folder: tempfile::TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    /// Exit code; `None` after a signal.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it said beside.
    pub stderr: String,
}

impl Sandbox {
    /// A folder `tree` with these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let sandbox = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir_all(sandbox.tree()).unwrap();
        for (path, text) in files {
            sandbox.write(path, text.as_bytes());
        }
        sandbox
    }

    /// The folder with the files.
    pub fn tree(&self) -> PathBuf {
        self.folder.path().join("tree")
    }

    /// The folder with the cache.
    pub fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    /// Writes a file of the tree.
    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.tree().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Runs the program on the tree: the first argument is the command, the tree follows it.
    pub fn run(&self, command: &str, arguments: &[&str]) -> Ended {
        self.run_on(&self.tree(), command, arguments)
    }

    /// Runs the program on another path.
    pub fn run_on(&self, path: &Path, command: &str, arguments: &[&str]) -> Ended {
        ended(self.command().arg(command).arg(path).args(arguments).output().unwrap())
    }

    /// Runs the program in the tree with these arguments alone.
    pub fn call(&self, arguments: &[&str]) -> Ended {
        ended(self.command().args(arguments).output().unwrap())
    }

    /// The program, with this sandbox's cache and folder.
    pub fn command(&self) -> Command {
        self.command_of(&program())
    }

    /// The same, run by somebody for whom permissions count: for root they do not. What the sandbox holds by now is
    /// theirs.
    pub fn command_without_privileges(&self) -> Command {
        if fs::metadata("/proc/self").unwrap().uid() != 0 {
            return self.command();
        }
        // The program itself may lie where only root can go.
        let copy = self.folder.path().join("astlas");
        if !copy.exists() {
            // By another process: a file that this one has open to write would be busy, for it starts others meanwhile.
            let copied = Command::new("cp").arg(program()).arg(&copy).status();
            assert!(copied.unwrap().success());
        }
        give_away(self.folder.path());
        let mut command = self.command_of(&copy);
        command.uid(NOBODY).gid(NOBODY);
        command
    }

    fn command_of(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        // What the machine says to the program, or to the tests alone, is no part of them.
        let said = std::env::vars_os().map(|(name, _)| name);
        for name in said.filter(|name| name.to_string_lossy().starts_with("ASTLAS_")) {
            command.env_remove(name);
        }
        command.env("ASTLAS_CACHE_DIR", self.cache()).current_dir(self.tree());
        command
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // What a test made unreadable could not be removed.
        let _ = Command::new("chmod").arg("-R").arg("u+rwX").arg(self.folder.path()).status();
    }
}

fn program() -> PathBuf {
    let program = target().join("release/astlas");
    assert!(program.exists(), "{} is missing: run `cargo xtask build`", program.display());
    program
}

/// Makes nobody the owner of a folder and all in it; permissions stay.
fn give_away(path: &Path) {
    lchown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    if path.is_dir() && !path.is_symlink() {
        fs::read_dir(path).unwrap().for_each(|entry| give_away(&entry.unwrap().path()));
    }
}

/// Sets the permissions of a path.
pub fn permit(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// The parts of an output as text.
pub fn ended(output: Output) -> Ended {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

impl Ended {
    /// The output of a run that went well.
    pub fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self.stdout
    }

    /// The output of a run that went well, as JSON.
    pub fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.ok()).unwrap()
    }

    /// The lines that begin with a word, such as `warning:`.
    pub fn said(&self, word: &str) -> Vec<&str> {
        self.stderr.lines().filter(|line| line.starts_with(word)).collect()
    }

    /// The one line that a failed run says.
    pub fn error(self, code: i32) -> String {
        assert_eq!((self.code, self.stdout.as_str()), (Some(code), ""), "{}", self.stderr);
        let lines = self.said("error:");
        assert_eq!(lines.len(), 1, "{}", self.stderr);
        lines[0].to_owned()
    }
}

/// The source of a crate that the build has downloaded, as a corpus.
pub fn crate_source(name: &str) -> PathBuf {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let registries = home.expect("CARGO_HOME").join("registry/src");
    let mut found: Vec<_> = fs::read_dir(registries)
        .unwrap()
        .flat_map(|registry| fs::read_dir(registry.unwrap().path()).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let rest = path.file_name().and_then(|file| file.to_str()).and_then(|file| file.strip_prefix(name));
            rest.and_then(|rest| rest.strip_prefix('-'))
                .is_some_and(|rest| rest.starts_with(|digit: char| digit.is_ascii_digit()))
        })
        .collect();
    found.sort();
    found.pop().unwrap_or_else(|| panic!("no source of crate {name} in cargo's registry folder"))
}

/// The last command that the README of an example gives, and the folder that it is for. It maps the folder that is its
/// last argument.
pub fn example(name: &str) -> (String, PathBuf) {
    let folder = target().join("../examples").join(name);
    let readme = fs::read_to_string(folder.join("README.md")).unwrap();
    let commands = readme.split("```sh\n").nth(1).and_then(|rest| rest.split("\n```").next());
    let last = commands.and_then(|commands| commands.lines().last()).expect("a README with commands");
    (last.to_owned(), folder)
}

/// The source of NetworkX, as a corpus.
pub fn networkx_source() -> PathBuf {
    let versions = fs::read_dir(target().join("python/lib")).expect("target/python: run `cargo xtask test`");
    let mut packages = versions.map(|version| version.unwrap().path().join("site-packages/networkx"));
    packages.find(|path| path.exists()).expect("networkx in target/python: run `cargo xtask test`")
}

/// What a script of `tests/networkx` answers to these cases, one for each.
pub fn networkx(script: &str, cases: &[serde_json::Value]) -> Vec<serde_json::Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("networkx").join(script);
    let mut run = Command::new(target().join("python/bin/python"))
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input: String = cases.iter().map(|case| format!("{case}\n")).collect();
    let mut stdin = run.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).unwrap());
    let output = run.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
