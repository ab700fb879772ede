//! How a forge is asked for the archive of a commit.

use http::{HeaderMap, StatusCode, header};

/// Longest archive, in bytes: compressed, of the largest repositories.
pub const LONGEST: u64 = 512 << 20;
/// What is asked for.
pub const ACCEPT: &str = "application/vnd.github+json";
/// How much of a refusal is told, in bytes.
const TOLD: usize = 200;

/// Where the archive of a commit is; `None`: there is nothing to ask a forge for.
pub fn archive(api: &str, repository: &str, commit: &str) -> Option<String> {
    let is_askable = is_path(repository) && is_path(commit);
    is_askable.then(|| format!("{}/repos/{repository}/zipball/{commit}", api.trim_end_matches('/')))
}

/// Whether something can stand in the address as it is, and lead nowhere else.
fn is_path(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let is_part = |part: &str| !matches!(part, "" | "." | "..") && part.bytes().all(is_plain);
    text.split('/').all(is_part)
}

/// Whether asking again later may help.
pub fn is_later(status: StatusCode, headers: &HeaderMap) -> bool {
    // Too many questions are a matter of time, though some forges forbid them.
    let is_limit = status == StatusCode::FORBIDDEN
        && (headers.contains_key(header::RETRY_AFTER)
            || headers.get("x-ratelimit-remaining").is_some_and(|left| left == "0"));
    status.is_server_error() || is_limit || matches!(status.as_u16(), 408 | 425 | 429)
}

/// What is told of a refusal.
pub fn refusal(asked: &str, status: StatusCode, said: &[u8], has_token: bool) -> String {
    let said = String::from_utf8_lossy(&said[..said.len().min(TOLD)]).trim().to_string();
    let login = if has_token { "" } else { "; no token of the forge is configured" };
    format!("{asked}: {status} {said}{login}")
}

/// What is told of an archive that is not taken.
pub fn too_long(asked: &str) -> String {
    format!("{asked}: the archive is longer than {LONGEST} bytes")
}

/// What is told of names that no forge can be asked for.
pub fn unaskable(repository: &str, commit: &str) -> String {
    format!("{repository:?} at {commit:?} is nothing to ask a forge for")
}
