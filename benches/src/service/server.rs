//! A service as a process: started, and watched for what it uses.

use std::{
    fs,
    net::TcpListener,
    ops::Deref,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use super::client::Client;

/// How long is waited for the first answer; some compile a component first.
const PATIENCE: Duration = Duration::from_secs(600);
/// How long is waited before it is asked again: little where the start is measured, a part of what it took so far.
const PAUSES: u32 = 50;
/// Parts of a second that the kernel counts CPU time in.
const TICKS: f64 = 100.0;

/// A service that ends with its owner.
pub struct Server {
    process: Child,
    client: Client,
    /// Seconds from the start of the process to its first 200.
    pub started: f64,
}

impl Server {
    /// Starts it; the address is given as `--listen`.
    pub fn start(command: &mut Command) -> Result<Self> {
        Self::start_until(command, |server| server.get("/health/live").is_ok_and(|(status, _)| status == 200))
    }

    /// Starts one that has another way to tell that it is there.
    pub fn start_until(command: &mut Command, is_there: impl Fn(&Self) -> bool) -> Result<Self> {
        let listen = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let begun = Instant::now();
        let process = command.args(["--listen", &listen]).stderr(Stdio::null()).spawn().context("the service")?;
        let mut server = Self { process, client: Client::new(format!("http://{listen}")), started: 0.0 };
        while !is_there(&server) {
            if begun.elapsed() > PATIENCE {
                bail!("the service does not answer");
            }
            thread::sleep((begun.elapsed() / PAUSES).max(Duration::from_millis(1)));
        }
        server.started = begun.elapsed().as_secs_f64();
        Ok(server)
    }

    /// CPU time it has used, user and system, in seconds.
    pub fn cpu_seconds(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // The name, in brackets, may have spaces in it.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).context("stat");
        Ok((ticks(11)? + ticks(12)?) / TICKS)
    }

    /// Memory that it holds, in bytes.
    pub fn resident(&self) -> Result<f64> {
        self.memory("VmRSS:")
    }

    /// Most memory that it has held, in bytes.
    pub fn peak(&self) -> Result<f64> {
        self.memory("VmHWM:")
    }

    fn memory(&self, name: &str) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)).context("no memory")?;
        let kilobytes: f64 = line.split_whitespace().next().context("no memory")?.parse()?;
        Ok(kilobytes * 1024.0)
    }
}

impl Deref for Server {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
