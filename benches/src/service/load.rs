//! Load by wrk, which runs beside the service on the same cores.

use std::{fs, process::Command};

use anyhow::{Context, Result, bail, ensure};

use super::server::Server;

/// Callers at once, each on a connection of its own.
pub const CALLERS: u32 = 8;
const SECONDS: u32 = 10;

/// What came of it.
pub struct Loaded {
    pub requests: f64,
    pub per_second: f64,
    /// In milliseconds.
    pub p50: f64,
    pub p99: f64,
}

/// What wrk runs: the bodies in turn, in an order that is not theirs.
const SCRIPT: &str = r#"
local bodies = {}
for line in io.lines("BODIES") do bodies[#bodies + 1] = line end
local turn = 0
function request()
    turn = turn + 1
    local body = bodies[(turn * 7919) % #bodies + 1]
    return wrk.format("POST", nil, { ["content-type"] = "application/json", ["x-api-key"] = KEY }, body)
end
function done(summary, latency)
    local errors = summary.errors
    print(string.format("RESULT %d %d %d %d %d", summary.requests, summary.duration, latency:percentile(50),
        latency:percentile(99), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"#;

/// Asks this path with these bodies, and with these credentials if there are any.
pub fn load(server: &Server, path: &str, bodies: &[String], key: Option<&str>) -> Result<Loaded> {
    let folder = tempfile::tempdir()?;
    let key = key.map_or_else(|| "nil".to_owned(), |key| format!("{key:?}"));
    let (list, script) = (folder.path().join("bodies"), folder.path().join("load.lua"));
    fs::write(&list, bodies.join("\n"))?;
    fs::write(&script, SCRIPT.replace("BODIES", &list.display().to_string()).replace("KEY", &key))?;
    let mut command = Command::new("wrk");
    command.args(["--threads", "1", "--connections", &CALLERS.to_string(), "--duration", &format!("{SECONDS}s")]);
    let done = command.arg("--script").arg(&script).arg(format!("{}{path}", server.address)).output();
    let done = done.context("wrk does not run; install it (Debian: apt-get install wrk)")?;
    let said = String::from_utf8_lossy(&done.stdout);
    ensure!(done.status.success(), "wrk: {said}{}", String::from_utf8_lossy(&done.stderr));
    let numbers: Vec<f64> = said
        .lines()
        .find_map(|line| line.strip_prefix("RESULT "))
        .map(|line| line.split(' ').filter_map(|number| number.parse().ok()).collect())
        .unwrap_or_default();
    let [requests, duration, p50, p99, errors] = numbers[..] else { bail!("wrk said: {said}") };
    ensure!(errors == 0.0, "{errors} of {requests} requests failed");
    Ok(Loaded { requests, per_second: requests / (duration / 1e6), p50: p50 / 1e3, p99: p99 / 1e3 })
}
