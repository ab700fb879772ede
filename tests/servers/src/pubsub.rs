//! Google's emulator of Pub/Sub.

use std::{env, ops::Deref, path::PathBuf, process::Command};

use crate::process::{Process, answers, ask_http};

/// The emulator.
pub struct PubSubEmulator(Process);

impl PubSubEmulator {
    /// Starts one; that takes some seconds.
    pub fn start() -> Self {
        let jar = jar();
        let command = move |port: u16, _: &std::path::Path| {
            let mut command = Command::new("java");
            command.args(["-Xmx256m", "-XX:+UseSerialGC", "-jar"]).arg(&jar);
            command.arg("--host=127.0.0.1").arg(format!("--port={port}"));
            command
        };
        Self(Process::start(command, |port| answers(port, "/")))
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.0.port()
    }

    /// Its address.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.0.port())
    }

    /// Makes a topic and a subscription to it, whose messages are kept for `deadline` seconds by who takes them.
    pub fn make_topic(&self, project: &str, topic: &str, subscription: &str, deadline: u32) {
        let topic = format!("projects/{project}/topics/{topic}");
        self.put(&format!("/v1/{topic}"), "{}");
        let body = format!("{{\"topic\":\"{topic}\",\"ackDeadlineSeconds\":{deadline}}}");
        self.put(&format!("/v1/projects/{project}/subscriptions/{subscription}"), &body);
    }

    /// Makes a topic and a subscription to it, whose messages are pushed to an address.
    pub fn make_pushed_topic(&self, project: &str, topic: &str, subscription: &str, address: &str) {
        let topic = format!("projects/{project}/topics/{topic}");
        self.put(&format!("/v1/{topic}"), "{}");
        let body = format!(
            "{{\"topic\":\"{topic}\",\"pushConfig\":{{\"pushEndpoint\":\"{address}\"}},\"ackDeadlineSeconds\":60}}"
        );
        self.put(&format!("/v1/projects/{project}/subscriptions/{subscription}"), &body);
    }

    fn put(&self, path: &str, body: &str) {
        let answer = ask_http(self.0.port(), "PUT", path, body);
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    }

    /// The process.
    pub fn process(&mut self) -> &mut Process {
        &mut self.0
    }
}

impl Deref for PubSubEmulator {
    type Target = Process;
    fn deref(&self) -> &Process {
        &self.0
    }
}

/// The emulator's program, for Java.
fn jar() -> PathBuf {
    if let Some(jar) = env::var_os("ASTLAS_PUBSUB_EMULATOR") {
        return jar.into();
    }
    let missing = "the Pub/Sub emulator is missing: `gcloud components install pubsub-emulator` and Java 17, or say in \
                   ASTLAS_PUBSUB_EMULATOR where its jar is";
    let told = Command::new("gcloud").args(["info", "--format=value(installation.sdk_root)"]).output();
    let root = told.ok().map(|told| PathBuf::from(String::from_utf8_lossy(&told.stdout).trim()));
    let folder = root.unwrap_or_else(|| panic!("{missing}")).join("platform/pubsub-emulator/lib");
    let files = folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
    let is_jar = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("cloud-pubsub-emulator-") && name.ends_with("-all.jar")
    };
    files.into_iter().find(is_jar).unwrap_or_else(|| panic!("{missing}"))
}
