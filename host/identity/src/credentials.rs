//! What somebody sends along to say who they are.

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::{Refused, key};

/// A header that has nothing but a key in it.
pub const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
/// How a header begins that has a key or token in it.
const BEARER: &str = "bearer";
/// Longest credentials, in bytes. Identity tokens have about a thousand.
const LONGEST: usize = 8 << 10;

/// What came along.
#[derive(Clone, Copy)]
pub enum Credentials<'a> {
    /// An API key.
    Key(&'a str),
    /// An identity token.
    Token(&'a str),
}

impl<'a> Credentials<'a> {
    /// What a request's headers have; `None`: nothing. A key in `X-API-Key` goes before `Authorization`, which may be
    /// meant for somebody who stands before this service, as Cloud Run does.
    pub fn of(headers: &'a HeaderMap) -> Result<Option<Self>, Refused> {
        if let Some(key) = only(headers, &API_KEY)? {
            return if key.starts_with(key::START) { Ok(Some(Self::Key(key))) } else { Err(Refused::Malformed) };
        }
        let Some(given) = only(headers, &header::AUTHORIZATION)? else { return Ok(None) };
        let (scheme, rest) = given.split_once(' ').ok_or(Refused::Malformed)?;
        let rest = rest.trim_start_matches(' ');
        if !scheme.eq_ignore_ascii_case(BEARER) || rest.is_empty() || rest.contains(char::is_whitespace) {
            return Err(Refused::Malformed);
        }
        Ok(Some(if rest.starts_with(key::START) { Self::Key(rest) } else { Self::Token(rest) }))
    }
}

/// The one value of a header.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Refused> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = HeaderValue::to_str(value).map_err(|_| Refused::Malformed)?;
    if values.next().is_some() || text.len() > LONGEST { Err(Refused::Malformed) } else { Ok(Some(text)) }
}
