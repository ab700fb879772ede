//! A server's process.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use tempfile::TempDir;
use tokio::net::TcpSocket;

/// How long a server may take to start. Java takes three seconds, ten when others compile beside it.
const START: Duration = Duration::from_secs(60);
/// How often is looked whether it has.
const LOOK: Duration = Duration::from_millis(10);
/// How long is waited for more of an answer: a first one of Java's takes its time.
const SILENCE: Duration = Duration::from_secs(60);
/// Times it is started on another port, should it not start on the first one.
const PORTS: u32 = 5;

/// What is run for a port and a folder.
type Make = Box<dyn Fn(u16, &Path) -> Command + Send + Sync>;

/// A server on a port of 127.0.0.1, and its folder.
pub struct Process {
    child: Option<Child>,
    command: Make,
    is_ready: fn(u16) -> bool,
    folder: TempDir,
    port: Port,
}

impl Process {
    /// Starts what `command` makes of a port and a folder, and waits until it `is_ready`.
    pub fn start(command: impl Fn(u16, &Path) -> Command + Send + Sync + 'static, is_ready: fn(u16) -> bool) -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder for a server: {error}"));
        let mut server = Self { child: None, command: Box::new(command), is_ready, folder, port: Port::free() };
        for _ in 0..PORTS {
            if server.run() {
                return server;
            }
            server.port = Port::free();
        }
        panic!("{:?} does not start", (server.command)(server.port(), server.folder.path()));
    }

    /// Whether it runs now.
    fn run(&mut self) -> bool {
        let mut command = (self.command)(self.port(), self.folder.path());
        command.current_dir(self.folder.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let begun = Instant::now();
        while begun.elapsed() < START {
            if (self.is_ready)(self.port()) {
                self.child = Some(child);
                return true;
            }
            if child.try_wait().is_ok_and(|end| end.is_some()) {
                return false;
            }
            sleep(LOOK);
        }
        // Its end is all that matters.
        let _ = child.kill().and_then(|()| child.wait());
        false
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port.number
    }

    /// Ends it at once. Its port stays its own.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Its end is all that matters.
            let _ = child.kill().and_then(|()| child.wait());
        }
    }

    /// Starts it anew on the same port, with nothing of what it knew.
    pub fn restart(&mut self) {
        self.kill();
        assert!(self.run(), "a server does not start again on port {}", self.port());
    }

    /// Has it stand still: connections stay open, nothing is answered.
    pub fn pause(&self) {
        let pid = self.signal(Signal::STOP);
        let begun = Instant::now();
        // The signal is on its way; one thread or another may run a little longer.
        while !stands_still(pid) {
            assert!(begun.elapsed() < START, "the server on port {} does not stand still", self.port());
            sleep(LOOK);
        }
    }

    /// Has it go on.
    pub fn resume(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) -> Pid {
        let pid = self.child.as_ref().map(Pid::from_child);
        let sent = pid.filter(|pid| kill_process(*pid, signal).is_ok());
        sent.unwrap_or_else(|| panic!("the server on port {} runs no more", self.port()))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Whether a child process that was told to stand still does, with all of its threads; true once.
pub fn stands_still(child: Pid) -> bool {
    matches!(waitid(WaitId::Pid(child), WaitIdOptions::STOPPED | WaitIdOptions::NOHANG), Ok(Some(_)))
}

/// A port of 127.0.0.1 that nobody else is given, whether a server is there at the time or not.
pub struct Port {
    /// Which one.
    pub number: u16,
    /// It has the port and does not listen. Servers, which may use an address again, can listen there beside it.
    _kept: TcpSocket,
}

impl Port {
    /// One that nobody listens on.
    pub fn free() -> Self {
        let kept = || {
            let socket = TcpSocket::new_v4()?;
            socket.set_reuseaddr(true)?;
            socket.bind(([127, 0, 0, 1], 0).into())?;
            Ok(Self { number: socket.local_addr()?.port(), _kept: socket })
        };
        kept().unwrap_or_else(|error: std::io::Error| panic!("no free port: {error}"))
    }
}

/// What is answered to these bytes, until it has all that is `enough`, or the connection ends; empty if nobody listens.
pub fn ask(port: u16, question: &[u8], enough: fn(&[u8]) -> bool) -> Vec<u8> {
    let (mut answer, mut part) = (vec![], [0; 16 << 10]);
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return answer };
    let asked = stream.set_read_timeout(Some(SILENCE)).and_then(|()| stream.write_all(question));
    if asked.is_ok() {
        while !enough(&answer) {
            match stream.read(&mut part) {
                Ok(read @ 1..) => answer.extend_from_slice(&part[..read]),
                // Whoever stood still meanwhile is told so.
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                _ => break,
            }
        }
    }
    answer
}

/// The head of what is answered over HTTP.
pub fn ask_http(port: u16, method: &str, path: &str, body: &str) -> String {
    let question = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let has_head = |answer: &[u8]| answer.windows(4).any(|window| window == b"\r\n\r\n");
    String::from_utf8_lossy(&ask(port, question.as_bytes(), has_head)).into_owned()
}

/// Whether an address answers with 200.
pub fn answers(port: u16, path: &str) -> bool {
    ask_http(port, "GET", path, "").starts_with("HTTP/1.1 200")
}
