//! The service as a process of the test's, and a repository to serve.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use astlas_test_servers::Forge;
use astlas_tests::Sandbox;
use serde_json::{Value, json};
use ureq::http::{Request, Response};

/// How long anything is waited for.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Waits until something is there.
pub fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "it is never there");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Variables of the machine that would say something to the service.
const FOREIGN: [&str; 3] = ["PORT", "GOOGLE_CLOUD_PROJECT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

/// A service that ends with the test.
pub struct Service {
    process: Child,
    pub address: String,
    lines: Arc<Mutex<Vec<String>>>,
    reader: Option<thread::JoinHandle<()>>,
}

impl Service {
    pub fn start(sandbox: &Sandbox) -> Self {
        Self::start_with(sandbox, &[])
    }

    /// With these variables.
    pub fn start_with(sandbox: &Sandbox, variables: &[(&str, &str)]) -> Self {
        let mut command = command(sandbox);
        command.args(["serve", "--listen", "127.0.0.1:0"]).envs(variables.iter().copied());
        Self::run(command)
    }

    /// Where no file can grow beyond so many bytes, as on a disk that is full.
    pub fn start_without_room(sandbox: &Sandbox, bytes: u64) -> Self {
        let program = command(sandbox);
        // Writing beyond that fails; the signal that would end the process is ignored. The shell counts in blocks of 512.
        let limited = format!("trap '' XFSZ; ulimit -S -f {}; exec \"$@\"", bytes / 512);
        let mut command = Command::new("sh");
        command.args(["-c", &limited, "sh"]).arg(program.get_program()).args(["serve", "--listen", "127.0.0.1:0"]);
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.current_dir(sandbox.tree());
        Self::run(command)
    }

    fn run(mut command: Command) -> Self {
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(process.stderr.take().unwrap()).lines();
        let first = said.next().unwrap().unwrap();
        let address = first.split("listening on ").nth(1).unwrap_or_else(|| panic!("{first}"));
        let address = address.split(['"', ' ']).next().unwrap().to_owned();
        let lines = Arc::new(Mutex::new(vec![first]));
        // Read on, so that the service never waits for us.
        let kept = lines.clone();
        let reader = thread::spawn(move || said.map_while(Result::ok).for_each(|line| kept.lock().unwrap().push(line)));
        Self { process, address, lines, reader: Some(reader) }
    }

    /// Sends a request and returns whatever is answered.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Response<Vec<u8>> {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = agent.run(request.body(body).unwrap()).unwrap();
        let mut bytes = vec![];
        response.body_mut().as_reader().read_to_end(&mut bytes).unwrap();
        response.map(|_| bytes)
    }

    pub fn ask(&self, method: &str, path: &str, body: Vec<u8>) -> (u16, Value) {
        let response = self.send(method, path, &[], body);
        (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap_or(Value::Null))
    }

    pub fn get(&self, path: &str) -> Response<Vec<u8>> {
        self.send("GET", path, &[], vec![])
    }

    pub fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.ask("POST", path, body.to_string().into_bytes())
    }

    /// A connection to write to by hand.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address.strip_prefix("http://").unwrap()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// What is answered to these bytes, on a connection that closes then.
    pub fn write(&self, bytes: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(bytes.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Starts to index what was archived: its job.
    pub fn begin(&self, commit: &str, base: Option<&str>, archive: Vec<u8>) -> String {
        let (status, stored) = self.ask("PUT", &format!("/api/v1/repos/acme/app/{commit}/archive"), archive);
        assert_eq!(status, 201, "{stored}");
        let job = json!({"repo_id": "acme/app", "commit_sha": commit, "base_sha": base});
        let (status, started) = self.post("/api/v1/jobs/index_repo", &job);
        assert_eq!(status, 202, "{started}");
        format!("/api/v1/jobs/{}", started["job_id"].as_str().unwrap())
    }

    pub fn index(&self, commit: &str, base: Option<&str>, archive: Vec<u8>) -> Value {
        let path = self.begin(commit, base, archive);
        until(|| {
            Some(self.ask("GET", &path, vec![]).1).filter(|job| job["state"] == "done" || job["state"] == "failed")
        })
    }

    /// Tells it of a commit of `acme/app` as the forge does: the path of the job that comes of it, if it is believed.
    pub fn told_of_push(&self, commit: &str, secret: &str) -> Option<String> {
        let repository = json!({"full_name": "acme/app"});
        let none = "0".repeat(40);
        let push = json!({"ref": "refs/heads/main", "before": none, "after": commit, "repository": repository});
        let body = push.to_string().into_bytes();
        let signature = Forge::signature(secret, &body);
        let headers =
            [("x-github-event", "push"), ("x-github-delivery", commit), ("x-hub-signature-256", signature.as_str())];
        let answer = self.send("POST", "/webhooks/github", &headers, body);
        let accepted: Value = serde_json::from_slice(answer.body()).unwrap();
        Some(format!("/api/v1/jobs/{}", accepted["jobs"][0].as_str()?))
    }

    /// Asks it to stop.
    pub fn tell_to_stop(&self) {
        assert!(Command::new("kill").arg(self.process.id().to_string()).status().unwrap().success());
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(self) -> bool {
        self.tell_to_stop();
        self.ended().0
    }

    /// Whether it has not ended yet.
    pub fn is_running(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }

    /// Waits until it ended: whether well, and the lines it wrote.
    pub fn ended(mut self) -> (bool, Vec<String>) {
        let status = self.process.wait().unwrap();
        self.reader.take().unwrap().join().unwrap();
        let lines = self.lines.lock().unwrap().clone();
        (status.success(), lines)
    }

    /// Waits until a second passes in which it has next to nothing of the processors: what it has had until then.
    pub fn processor_time_until_idle(&self) -> Duration {
        let (begun, mut before) = (self.processor_time(), self.processor_time());
        until(|| {
            thread::sleep(Duration::from_secs(1));
            let now = self.processor_time();
            let last = now - std::mem::replace(&mut before, now);
            (last < Duration::from_millis(100)).then_some(now - begun)
        })
    }

    /// What it has had of all processors.
    pub fn processor_time(&self) -> Duration {
        let told = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
        // After the name, which may hold anything; in hundredths of a second.
        let fields: Vec<&str> = told.rsplit_once(')').unwrap().1.split_whitespace().collect();
        Duration::from_millis(fields[11..13].iter().map(|field| field.parse::<u64>().unwrap() * 10).sum())
    }

    /// The values of metrics by name and labels.
    pub fn metrics(&self) -> BTreeMap<String, f64> {
        let text = String::from_utf8(self.get("/metrics").into_body()).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines
            .map(|line| line.rsplit_once(' ').unwrap())
            .map(|(name, value)| (name.into(), value.parse().unwrap()))
            .collect()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if thread::panicking() {
            self.lines.lock().unwrap().iter().for_each(|line| eprintln!("service: {line}"));
        }
    }
}

/// The program, told nothing by the machine it runs on.
pub fn command(sandbox: &Sandbox) -> Command {
    let mut command = sandbox.command();
    for name in FOREIGN {
        command.env_remove(name);
    }
    command
}

/// The value of a header, if it is there.
pub fn header<'a, T>(response: &'a Response<T>, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

/// The sandbox's tree as a tar.
pub fn archive(sandbox: &Sandbox) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    tar.append_dir_all("app-main", sandbox.tree()).unwrap();
    tar.into_inner().unwrap()
}

/// A folder of sources that use each other in a circle.
pub fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with(&[]);
    for file in 0..12 {
        let next = (file + 1) % 12;
        let text =
            format!("from app.part{next} import run{next}\n\n\ndef run{file}(text):\n    return run{next}(text)\n");
        sandbox.write(&format!("app/part{file}.py"), text.as_bytes());
    }
    sandbox
}
