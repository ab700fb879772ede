//! What a key says about its value.

use std::time::Duration;

use astlas_atlas::keys;

/// How long values live whose kind has no lifetime of its own; those are touched on use.
const UNUSED: Duration = Duration::from_secs(7 * 24 * 3600);

/// Kinds whose keys name all that their values are made of: under one key there is never another value, so a copy of it
/// cannot be out of date. Values of other kinds are replaced now and then, and are not copied.
const NAMED_BY_CONTENT: [&str; 10] =
    ["answer", "ast", "context", "graph", "history", "languages", "ledger", "map", "rank", "symbols"];

/// A key without the tenant in front of it, which ends with `/`.
fn without_tenant(key: &str) -> &str {
    let kind_end = key.find(':').unwrap_or(key.len());
    key[..kind_end].rfind('/').map_or(key, |slash| &key[slash + 1..])
}

/// The first part of a key below the tenant.
pub fn kind(key: &str) -> &str {
    without_tenant(key).split(':').next().unwrap_or_default()
}

/// How long its value is kept.
pub fn lifetime(key: &str) -> Duration {
    keys::lifetime(without_tenant(key)).unwrap_or(UNUSED)
}

/// How long its value is kept by a cache that puts out by itself what was not used for longest.
pub fn own_lifetime(key: &str) -> Option<Duration> {
    keys::lifetime(without_tenant(key))
}

/// Whether a value may be copied into memory.
pub fn is_named_by_content(key: &str) -> bool {
    NAMED_BY_CONTENT.contains(&kind(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_in_front_changes_nothing() {
        assert_eq!((kind("ast:1:rust:ab"), kind("acme/ast:1:rust:ab"), kind("a/b/map:x/y:1")), ("ast", "ast", "map"));
        assert_eq!((kind(""), kind("/"), kind("job")), ("", "", "job"));
        assert_eq!(lifetime("acme/map:r:c:1"), Duration::from_secs(3600));
        assert_eq!((lifetime("ast:1"), own_lifetime("ast:1")), (UNUSED, None));
        assert!(is_named_by_content("acme/graph:r:t") && !is_named_by_content("job:1"));
    }
}
