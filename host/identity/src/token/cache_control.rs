//! How long an answer may be kept, going by its headers.

use std::time::Duration;

use http::{HeaderMap, header};

/// The bounds, and what counts where nothing is said.
const SHORTEST: Duration = Duration::from_secs(60);
const LONGEST: Duration = Duration::from_secs(24 * 3600);
const USUAL: Duration = Duration::from_secs(3600);

/// From now on.
pub fn lifetime(headers: &HeaderMap) -> Duration {
    let said = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    let mut directives = said.flat_map(|value| value.split(',')).map(|said| said.trim().to_ascii_lowercase());
    let age = headers.get(header::AGE).and_then(|age| age.to_str().ok()?.trim().parse().ok()).unwrap_or(0);
    let seconds = directives.find_map(|said| match said.as_str() {
        "no-store" | "no-cache" => Some(0),
        said => said.strip_prefix("max-age=")?.trim_matches('"').parse().ok(),
    });
    let left = seconds.map(|seconds: u64| Duration::from_secs(seconds.saturating_sub(age)));
    left.unwrap_or(USUAL).clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_counts_within_bounds() {
        for (said, age, seconds) in [
            ("public, max-age=22222, must-revalidate", "0", 22_222),
            ("Max-Age=\"600\"", "100", 500),
            ("max-age=600", "601", 60),
            ("max-age=1", "0", 60),
            ("no-store", "0", 60),
            ("max-age=99999999999999", "0", 86_400),
            ("max-age=99999999999999999999999", "0", 3600),
            ("max-age=-1", "x", 3600),
            ("", "0", 3600),
        ] {
            let headers = [(header::CACHE_CONTROL, said), (header::AGE, age)];
            let headers = headers.into_iter().map(|(name, value)| (name, value.parse().unwrap())).collect();
            assert_eq!(lifetime(&headers).as_secs(), seconds, "{said} {age}");
        }
        assert_eq!(lifetime(&HeaderMap::new()), USUAL);
    }
}
