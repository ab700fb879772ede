//! A forge: archives of commits, and events that are signed.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Serves archives of commits as GitHub's API does, to who has the token, for as long as the process runs.
pub struct Forge {
    address: String,
    archives: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
}

impl Forge {
    /// Starts one without archives.
    pub fn start(token: &str) -> Self {
        Self::start_at("127.0.0.1:0", token)
    }

    /// The same at an address.
    pub fn start_at(address: &str, token: &str) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let archives: Arc<Mutex<BTreeMap<String, Vec<u8>>>> = Arc::default();
        let (served, login) = (archives.clone(), format!("authorization: bearer {token}"));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut reader = BufReader::new(&stream);
                let (mut lines, mut line) = (vec![], String::new());
                while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                    lines.push(std::mem::take(&mut line));
                }
                let path = lines.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
                let has_token = lines.iter().any(|line| line.trim().eq_ignore_ascii_case(&login));
                let archives = served.lock().unwrap_or_else(PoisonError::into_inner);
                let found = archives.get(path).filter(|_| has_token);
                let (status, body) = found.map_or(("404 Not Found", &[][..]), |body| ("200 OK", body.as_slice()));
                let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
                let mut stream = &stream;
                let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
            }
        });
        Self { address, archives }
    }

    /// Where its API is.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Gives it a commit of a repository (`owner/name`).
    pub fn push(&self, repository: &str, commit: &str, archive: Vec<u8>) {
        let path = format!("/repos/{repository}/zipball/{commit}");
        self.archives.lock().unwrap_or_else(PoisonError::into_inner).insert(path, archive);
    }

    /// What it says in `X-Hub-Signature-256` of an event with this body.
    pub fn signature(secret: &str, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(body);
        let digits = mac.finalize().into_bytes();
        format!("sha256={}", digits.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }
}
