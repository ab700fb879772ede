//! A container that runs.

use std::{
    fs,
    net::TcpStream,
    process::Command,
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};

use astlas_test_servers::Port;
use astlas_tests::{Ended, ended};

use crate::image::Image;

/// How long anything is waited for.
pub const PATIENCE: Duration = Duration::from_secs(120);
/// How often is looked whether it is so.
const LOOK: Duration = Duration::from_millis(2);

/// As compose.yaml and Cloud Run would have it: nothing may be written but to the volume, nobody may become more.
const BOUNDS: [&str; 7] = [
    "--read-only",
    "--read-only-tmpfs=false",
    "--cap-drop=all",
    "--security-opt=no-new-privileges",
    "--network=host",
    "--pull=never",
    "--log-driver=k8s-file",
];

/// A container that ends with the test.
pub struct Running {
    image: Arc<Image>,
    id: String,
    port: Port,
    /// When it was told to start.
    pub begun: Instant,
}

/// What a process has had, and what it holds.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// Since the process began, to hundredths of a second.
    pub age: Duration,
    /// What it has had of all processors meanwhile.
    pub processor: Duration,
    /// Resident memory, in bytes.
    pub memory: u64,
    /// What of that is no file's.
    pub anonymous: u64,
    /// What is in its volume, in bytes.
    pub volume: u64,
}

impl Running {
    /// Starts one with these variables and arguments, and waits until it is ready.
    pub fn start(image: &Arc<Image>, variables: &[(&str, &str)], arguments: &[&str]) -> Self {
        let port = Port::free();
        let variables = variables.iter().map(|(name, value)| format!("--env={name}={value}"));
        let mut podman: Vec<String> = BOUNDS.iter().map(ToString::to_string).chain(variables).collect();
        podman.push(format!("--env=PORT={}", port.number));
        let id = image.container(&podman, arguments);
        let begun = Instant::now();
        let running = Self { image: image.clone(), id, port, begun };
        running.podman(&["start"], &[]).ok();
        running.until("it is ready", || running.get("/health/ready") == Some(200));
        running
    }

    /// Waits until something is so.
    pub fn until(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !is_so() {
            assert!(begun.elapsed() < PATIENCE, "not so after {PATIENCE:?}: {what}");
            sleep(LOOK);
        }
    }

    /// Where it is asked.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port.number)
    }

    /// The status of an answer, if there is one.
    pub fn get(&self, path: &str) -> Option<u16> {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        agent.get(format!("{}{path}", self.address())).call().ok().map(|answer| answer.status().as_u16())
    }

    /// A connection to write to by hand.
    pub fn connect(&self) -> std::io::Result<TcpStream> {
        let stream = TcpStream::connect(("127.0.0.1", self.port.number))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(stream)
    }

    /// Runs bash in it, as a user.
    pub fn inside(&self, user: &str, script: &str) -> Ended {
        self.podman(&["exec", "--user", user], &["bash", "-c", script])
    }

    /// Runs the check of the image as an engine does: whether it is healthy.
    pub fn is_healthy(&self) -> bool {
        self.podman(&["healthcheck", "run"], &[]).code == Some(0)
    }

    /// Sends the program a signal.
    pub fn signal(&self, signal: &str) {
        self.podman(&["kill", "--signal", signal], &[]).ok();
    }

    /// Waits until it ended: its code.
    pub fn ended(&self) -> i32 {
        self.podman(&["wait"], &[]).ok().trim().parse().unwrap()
    }

    /// What it wrote.
    pub fn said(&self) -> String {
        let said = self.podman(&["logs"], &[]);
        said.stdout + &said.stderr
    }

    /// What the program has had by now.
    pub fn figures(&self) -> Figures {
        let uptime = fs::read_to_string("/proc/uptime").unwrap();
        let known = self.podman(&["inspect"], &[]).json()[0].clone();
        let folder = format!("/proc/{}", known["State"]["Pid"]);
        let stat = fs::read_to_string(format!("{folder}/stat")).unwrap();
        // After the name, which may hold anything; in hundredths of a second.
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        let ticks = |at: usize| fields[at].parse::<u64>().unwrap();
        let now: u64 = uptime.split(' ').next().unwrap().replace('.', "").parse().unwrap();
        let status = fs::read_to_string(format!("{folder}/status")).unwrap();
        let kilobytes = |name: &str| -> u64 {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().next().unwrap().parse().unwrap()
        };
        let mut volume = Command::new("du");
        volume.args(["--summarize", "--block-size=1"]).arg(known["Mounts"][0]["Source"].as_str().unwrap());
        let volume = ended(volume.output().unwrap()).ok();
        Figures {
            age: Duration::from_millis(now.saturating_sub(ticks(19)) * 10),
            processor: Duration::from_millis((ticks(11) + ticks(12)) * 10),
            memory: kilobytes("VmRSS:") * 1024,
            anonymous: kilobytes("RssAnon:") * 1024,
            volume: volume.split_whitespace().next().unwrap().parse().unwrap(),
        }
    }

    fn podman(&self, command: &[&str], rest: &[&str]) -> Ended {
        ended(self.image.podman(command).arg(&self.id).args(rest).output().unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("container: {}", self.said());
        }
        let _ = self.podman(&["rm", "--force", "--volumes", "--time", "0"], &[]);
    }
}
