//! A gate between a process and its servers: every step that the process takes beyond itself comes by, is written down,
//! and at one of them something is done to the process.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

use astlas_test_servers::{FaultProxy, Moment};
use rustix::process::{Pid, Signal, kill_process};

/// How long a process that asks is waited for to listen.
const BEGINNING: Duration = Duration::from_secs(10);

/// A step, and at which moment of it something is done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Aim {
    /// What kind of step: who is asked for what.
    pub kind: String,
    /// Which one of its kind, from 0 on.
    pub number: usize,
    /// Before it is passed on, or after it was answered.
    pub moment: Moment,
}

/// What there is to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// Redis.
    Cache,
    /// Cloud Storage.
    Storage,
    /// Pub/Sub.
    Events,
}

/// A gate.
pub struct Gate {
    aim: Option<(Aim, Signal)>,
    pid: Mutex<Option<Pid>>,
    seen: Mutex<BTreeMap<String, usize>>,
    has_struck: AtomicBool,
    is_begun: AtomicBool,
    is_over: AtomicBool,
}

impl Gate {
    /// One that lets everything pass, and writes it down.
    pub fn open() -> Arc<Self> {
        Self::with(None)
    }

    /// One at which the process gets a signal at a step. Where that ends it, nothing more comes through.
    pub fn at(aim: Aim, signal: Signal) -> Arc<Self> {
        Self::with(Some((aim, signal)))
    }

    fn with(aim: Option<(Aim, Signal)>) -> Arc<Self> {
        let (pid, seen, no) = (Mutex::default(), Mutex::default(), || AtomicBool::new(false));
        Arc::new(Self { aim, pid, seen, has_struck: no(), is_begun: no(), is_over: no() })
    }

    /// A proxy with this gate before a server.
    pub fn before(self: &Arc<Self>, server: Server, port: u16) -> FaultProxy {
        let gate = self.clone();
        FaultProxy::watched(port, Arc::new(move |question, moment| gate.may_pass(&kind(server, question), moment)))
    }

    /// Whose gate it is.
    pub fn is_for(&self, pid: Pid) {
        *self.pid.lock().unwrap_or_else(PoisonError::into_inner) = Some(pid);
    }

    /// The process listens. Before that it may be killed, but not stopped: it is waited for.
    pub fn begin(&self) {
        self.is_begun.store(true, Ordering::SeqCst);
    }

    /// Whether the process has got its signal.
    pub fn has_struck(&self) -> bool {
        self.has_struck.load(Ordering::SeqCst)
    }

    /// Has nothing more be written down or done.
    pub fn end(&self) {
        let _turn = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        self.is_over.store(true, Ordering::SeqCst);
    }

    /// How many steps of each kind came by so far.
    pub fn seen(&self) -> BTreeMap<String, usize> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn may_pass(&self, kind: &str, moment: Moment) -> bool {
        let is_ended = || self.has_struck() && self.aim.as_ref().is_some_and(|(_, signal)| *signal == Signal::KILL);
        // One at a time: what comes beside the step that is aimed at waits for the signal.
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if is_ended() {
            return false;
        }
        if self.is_over.load(Ordering::SeqCst) {
            return true;
        }
        let count = seen.entry(kind.to_owned()).or_default();
        let number = match moment {
            Moment::Asked => {
                *count += 1;
                *count - 1
            }
            // Of several that are asked at once, any may be answered first.
            Moment::Answered => count.saturating_sub(1),
        };
        if let Some((aim, signal)) = &self.aim
            && !self.has_struck()
            && (aim.kind.as_str(), aim.number, aim.moment) == (kind, number, moment)
            && (*signal == Signal::KILL || self.has_begun())
        {
            kill_process(self.pid(), *signal).unwrap();
            self.has_struck.store(true, Ordering::SeqCst);
        }
        !is_ended()
    }

    /// Whether the process listens. It may do so, and ask, before whoever started it has said that; if it does not listen
    /// yet, it may have to ask this first.
    fn has_begun(&self) -> bool {
        let begun = Instant::now();
        while !self.is_begun.load(Ordering::SeqCst) && begun.elapsed() < BEGINNING {
            sleep(Duration::from_millis(1));
        }
        self.is_begun.load(Ordering::SeqCst)
    }

    /// The process may ask before whoever started it has said who it is.
    fn pid(&self) -> Pid {
        loop {
            if let Some(pid) = *self.pid.lock().unwrap_or_else(PoisonError::into_inner) {
                return pid;
            }
            sleep(Duration::from_millis(1));
        }
    }
}

/// What kind of step a question is: the server, what it is asked for and, of a blob, which kind of blob.
fn kind(server: Server, question: &[u8]) -> String {
    let text = String::from_utf8_lossy(question);
    let line = text.lines().next().unwrap_or_default();
    let mut words = line.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    match server {
        // *2, $3, GET: how many words, how long the first one is, the first one.
        Server::Cache => format!("Redis: {}", text.lines().nth(2).unwrap_or(line).to_uppercase()),
        Server::Events => format!("Pub/Sub: {}", path.rsplit([':', '/']).next().unwrap_or_default()),
        Server::Storage => {
            let name = path.split("name=").nth(1).or_else(|| path.split("/o/").nth(1));
            let name = name.or_else(|| path.split("prefix=").nth(1)).or_else(|| text.split("\"name\":\"").nth(1));
            // TENANT/KIND/...
            let name = name.unwrap_or_default().replace("%2F", "/");
            let blob = name.split('/').nth(1).map(|kind| kind.split(['?', '&', '"']).next().unwrap_or_default());
            let asked = match method {
                "GET" if path.contains("/o/") => "read",
                "GET" => "list",
                "POST" if path.contains("resumable") => "begin",
                "POST" => "write",
                "PUT" => "part",
                _ => method,
            };
            format!("Cloud Storage: {asked} {}", blob.unwrap_or_default())
        }
    }
}
