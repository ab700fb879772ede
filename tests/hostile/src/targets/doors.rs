//! What comes with a request, before anybody looks into it: any bytes as headers, pushes, names of commits.

use astlas_atlas::ports::Verdict;
use astlas_capabilities::{given_up, tenant};
use astlas_conventions::{forge::archive, verify};
use http::{HeaderMap, HeaderValue, Uri};
use ring::hmac;

use crate::context::{REQUEST_ID, TRACEPARENT, TraceContext, request_id};

/// What the forge signs with.
pub const SECRET: &str = "It's a Secret to Everybody";

/// The first line, and the rest.
fn lines(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len());
    (&bytes[..end], bytes.get(end + 1..).unwrap_or_default())
}

/// Two headers, each a line: where in a trace the request stands, and what it is called.
pub fn trace(bytes: &[u8]) {
    let (parent, id) = lines(bytes);
    let mut headers = HeaderMap::new();
    for (name, value) in [(TRACEPARENT, parent), (REQUEST_ID, id)] {
        headers.extend(HeaderValue::from_bytes(value).map(|value| (name, value)));
    }
    let name = request_id(&headers);
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"\"{}".contains(&byte);
    assert!((1..=128).contains(&name.len()) && name.bytes().all(is_plain), "{name:?}");
    let Some(context) = TraceContext::of(&headers) else { return };
    headers.insert(TRACEPARENT, context.header().unwrap());
    assert_eq!(TraceContext::of(&headers), Some(context));
    let child = context.child();
    assert_eq!((child.trace, child.is_sampled), (context.trace, context.is_sampled));
}

/// What the queue pushes.
pub fn push(bytes: &[u8]) {
    // The last push is of the same tenant as those before.
    if let (Some(whose), Some(last)) = (tenant(bytes), given_up(bytes, "it ended", true)) {
        assert_eq!(tenant(&last), Some(whose));
    }
}

/// With a first byte that is even, a signature and, behind its line, what it is of. Else a repository and a commit.
pub fn forge(bytes: &[u8]) {
    let Some((&kind, rest)) = bytes.split_first() else { return };
    let (first, rest) = lines(rest);
    let Ok(first) = std::str::from_utf8(first) else { return };
    if kind & 1 == 0 {
        let signed = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()), rest);
        let expected: String = signed.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let is_own = first.trim().to_lowercase() == format!("sha256={expected}");
        return assert!(is_own || verify(SECRET, first, rest) == Verdict::Forged, "{first} is no signature of it");
    }
    let Ok(commit) = std::str::from_utf8(rest) else { return };
    let Some(asked) = archive("https://api.example.org", first, commit) else { return };
    let asked: Uri = asked.parse().unwrap();
    let path = format!("/repos/{first}/zipball/{commit}");
    assert_eq!((asked.host(), asked.path(), asked.query()), (Some("api.example.org"), path.as_str(), None));
    assert!(!path.split('/').skip(1).any(|part| matches!(part, "" | "." | "..")), "{path}");
}
