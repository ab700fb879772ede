//! Google's interfaces as values: what to ask comes out as a request, what was answered goes in as a response. Nothing
//! is sent from here, so the same code serves a host with sockets and a component without.
//!
//! Only what emulators speak as well is used: the JSON interface of Cloud Storage, the REST interface of Pub/Sub.

mod answer;
pub mod metadata;
pub mod pubsub;
pub mod storage;

use bytes::Bytes;

pub use answer::{Error, is_busy};

/// What to send: the address is absolute. A token is added by whoever sends.
pub type Request = http::Request<Bytes>;

/// What came back, its body read to the end.
pub type Response = http::Response<Bytes>;

/// Everything that may stand in neither a path's part nor a query's value.
const RESERVED: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn encoded(text: &str) -> impl std::fmt::Display + '_ {
    percent_encoding::utf8_percent_encode(text, RESERVED)
}

/// An address without what would stand twice: a scheme is added, a slash at the end taken away.
fn endpoint(address: &str) -> String {
    let address = address.trim_end_matches('/');
    if address.contains("://") { address.into() } else { format!("http://{address}") }
}

/// Whether an address is not Google's: nobody there is shown a token.
pub fn is_emulator(endpoint: &str) -> bool {
    let rest = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.split(':').next().unwrap_or_default();
    let is_google = host == "googleapis.com" || host.ends_with(".googleapis.com");
    // What stands before an @ is a login, and no host.
    !is_google || authority.contains('@') || endpoint.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_for_google_alone() {
        for address in
            ["https://storage.googleapis.com", "https://storage.x.googleapis.com/", "https://pubsub.googleapis.com:443"]
        {
            assert!(!is_emulator(address), "{address}");
        }
        for address in [
            "localhost:1",
            "http://storage.googleapis.com",
            "https://googleapis.com.evil",
            "https://evilgoogleapis.com",
            "https://storage.googleapis.com:x@evil.example",
            "https://storage.googleapis.com:x@evil.example/",
            "https://storage.googleapis.com@evil.example",
            "storage.googleapis.com:x@evil.example",
            "https://evil.example\\.googleapis.com",
            "https://evil.example?.googleapis.com",
            "https://evil.example#.googleapis.com",
        ] {
            assert!(is_emulator(address), "{address}");
        }
    }
}
