//! A forge: archives of commits, and events that are signed.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::serve::{ANYWHERE, Answer, serve};

/// Serves archives of commits as GitHub's API does, to who has the token, for as long as the process runs.
pub struct Forge {
    address: String,
    archives_address: String,
    archives: Archives,
}

/// Archives, by path.
type Archives = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

impl Forge {
    /// Starts one without archives. As GitHub does, it sends on for them: to another address, which refuses whoever shows
    /// it a token.
    pub fn start(token: &str) -> Self {
        Self::start_at(ANYWHERE, token)
    }

    /// The same with its API at an address.
    pub fn start_at(address: &str, token: &str) -> Self {
        let (archives, login) = (Archives::default(), format!("authorization: bearer {token}").to_lowercase());
        let kept = archives.clone();
        let archives_address = serve(ANYWHERE, move |path, head| match kept_at(&kept, path) {
            _ if head.iter().any(|line| line.starts_with("authorization:")) => refused("400 Bad Request"),
            Some(archive) => ("200 OK", String::new(), archive),
            None => refused("404 Not Found"),
        });
        let (kept, there) = (archives.clone(), archives_address.clone());
        let address = serve(address, move |path, head| match kept_at(&kept, path) {
            Some(_) if head.contains(&login) => ("302 Found", format!("location: {there}{path}\r\n"), vec![]),
            _ => refused("404 Not Found"),
        });
        Self { address, archives_address, archives }
    }

    /// Where its API is.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Where its archives come from.
    pub fn archives_address(&self) -> &str {
        &self.archives_address
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

fn kept_at(archives: &Archives, path: &str) -> Option<Vec<u8>> {
    archives.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned()
}

fn refused(status: &'static str) -> Answer {
    (status, String::new(), vec![])
}
