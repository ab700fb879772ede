//! The program as a process that can be killed, stopped, and looked at.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use astlas_test_servers::stands_still;
use rustix::process::{Pid, Signal, kill_process};

/// A process that ends with its owner.
pub struct Program {
    child: Child,
    /// Where it listens, if it came so far.
    pub address: String,
    said: Arc<Mutex<Vec<String>>>,
}

/// What a process holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held {
    /// Descriptors that are open.
    pub descriptors: usize,
    /// Threads.
    pub threads: usize,
    /// Resident memory, in bytes.
    pub memory: u64,
}

impl Program {
    /// Runs a command that listens somewhere, and waits until it says where or ends; `is_begun` is told its id before.
    pub fn start(mut command: Command, is_begun: impl FnOnce(Pid)) -> Self {
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        is_begun(pid(&child));
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let said: Arc<Mutex<Vec<String>>> = Arc::default();
        let (kept, mut address) = (said.clone(), String::new());
        let keep = move |line: String| kept.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        for line in lines.by_ref() {
            let found = line.split("listening on ").nth(1).and_then(|rest| rest.split(['"', ' ']).next());
            address = found.unwrap_or_default().to_owned();
            keep(line);
            if !address.is_empty() {
                break;
            }
        }
        // Read on, so that it never waits for us.
        thread::spawn(move || lines.for_each(keep));
        Self { child, address, said }
    }

    /// Ends it as a machine that goes down does.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Has it stand still.
    pub fn pause(&self) {
        kill_process(pid(&self.child), Signal::STOP).unwrap();
        let begun = Instant::now();
        while !stands_still(pid(&self.child)) {
            assert!(begun.elapsed() < Duration::from_secs(60), "{} does not stand still", self.address);
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Has it go on.
    pub fn resume(&self) {
        kill_process(pid(&self.child), Signal::CONT).unwrap();
    }

    /// What it holds now.
    pub fn held(&self) -> Held {
        let folder = format!("/proc/{}", self.child.id());
        let status = fs::read_to_string(format!("{folder}/status")).unwrap();
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().next().unwrap().parse::<u64>().unwrap()
        };
        let descriptors = fs::read_dir(format!("{folder}/fd")).unwrap().count();
        Held { descriptors, threads: number("Threads:") as usize, memory: number("VmRSS:") * 1024 }
    }

    /// The lines that it has written with these words in them.
    pub fn lines_with(&self, words: &str) -> usize {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).iter().filter(|line| line.contains(words)).count()
    }
}

fn pid(child: &Child) -> Pid {
    Pid::from_child(child)
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
        if thread::panicking() {
            let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
            let is_told = |line: &&String| !line.contains("\"severity\":\"INFO\"");
            said.iter().filter(is_told).for_each(|line| eprintln!("{}: {line}", self.address));
        }
    }
}
