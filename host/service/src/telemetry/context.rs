//! Which trace a request belongs to: W3C Trace Context.

use http::{HeaderMap, HeaderName, HeaderValue};

/// The header that says it.
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// The header that a request is called by.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest name of a request that is taken from outside.
const LONGEST_ID: usize = 128;

/// A place in a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceContext {
    /// The trace.
    pub trace: u128,
    /// The span in it.
    pub span: u64,
    /// Whether whoever began it records it.
    pub is_sampled: bool,
}

impl TraceContext {
    /// Where a request comes from, if it says so, in the way it should.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let mut all = headers.get_all(TRACEPARENT).iter();
        let (first, None) = (all.next()?, all.next()) else { return None };
        Self::parse(first.to_str().ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut hex = |digits: usize| {
            let part = parts.next()?;
            let is_hex = part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
            u128::from_str_radix(part, 16).ok().filter(|_| is_hex && part.len() == digits)
        };
        let (version, trace, span, flags) = (hex(2)?, hex(32)?, hex(16)?, hex(2)?);
        // Later versions may say more; the first one does not, and the last one is none.
        let is_sound = version != 0xff && (version != 0 || parts.next().is_none()) && trace != 0 && span != 0;
        let context = Self { trace, span: u64::try_from(span).ok()?, is_sampled: flags & 1 == 1 };
        is_sound.then_some(context)
    }

    /// A trace that begins here.
    pub fn new() -> Self {
        Self { trace: fastrand::u128(1..), span: fastrand::u64(1..), is_sampled: false }
    }

    /// Another span of the same trace.
    #[must_use]
    pub fn child(self) -> Self {
        Self { span: fastrand::u64(1..), ..self }
    }

    /// As it is said to whoever comes next.
    pub fn header(&self) -> Option<HeaderValue> {
        let flags = u8::from(self.is_sampled);
        HeaderValue::from_str(&format!("00-{:032x}-{:016x}-{flags:02x}", self.trace, self.span)).ok()
    }
}

/// What the request is called: as it says, if that is a name, else anew.
pub fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/+=@-".contains(&byte);
    let is_name = |id: &&str| !id.is_empty() && id.len() <= LONGEST_ID && id.bytes().all(is_known);
    given.filter(is_name).map_or_else(|| format!("{:032x}", fastrand::u128(..)), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_sound_context_is_continued() {
        let sound = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let context = TraceContext::parse(sound);
        assert_eq!(context.map(|it| (it.span, it.is_sampled)), Some((0x00f0_67aa_0ba9_02b7, true)));
        assert_eq!(context.and_then(|it| it.header()).as_ref().and_then(|it| it.to_str().ok()), Some(sound));
        assert!(TraceContext::parse(&sound.replacen("00", "01", 1).replace("-01", "-01-more")).is_some());
        for text in [
            "",
            "00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(TraceContext::parse(text), None, "{text}");
        }
        let mut twice = HeaderMap::new();
        twice.append(TRACEPARENT, HeaderValue::from_static(sound_static()));
        assert!(TraceContext::of(&twice).is_some());
        twice.append(TRACEPARENT, HeaderValue::from_static(sound_static()));
        assert_eq!(TraceContext::of(&twice), None);
    }

    fn sound_static() -> &'static str {
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"
    }

    #[test]
    fn a_name_from_outside_is_taken_if_it_is_one() {
        let named = |id: &'static [u8]| {
            let mut headers = HeaderMap::new();
            headers.extend(HeaderValue::from_bytes(id).map(|value| (REQUEST_ID, value)));
            request_id(&headers)
        };
        assert_eq!(named(b"7b1e-4.x:Y/z+="), "7b1e-4.x:Y/z+=");
        for id in [&b""[..], b"a b", b"\"", b"{}", "ä".as_bytes(), &[b'a'; 129]] {
            let made = named(id);
            assert!(made.len() == 32 && made.bytes().all(|byte| byte.is_ascii_hexdigit()), "{made}");
        }
    }
}
