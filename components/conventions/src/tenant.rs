//! Names of tenants.

/// Longest name, in characters.
const LONGEST: usize = 64;

/// What is told of another one.
pub const TENANT_RULE: &str = "use 1 to 64 of the characters a-z, 0-9 and -, beginning with a letter or digit";

/// Whether this is a tenant's name: 1 to 64 of the characters `a-z 0-9 -`, the first one no hyphen. So it can stand in a
/// key or a path as it is: whatever sets it apart there (`/`, `:`, `_`, `>`) is none of its characters, and no name is
/// hidden, a flag or another one in other letters.
pub fn is_tenant(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=LONGEST).contains(&name.len()) && name.bytes().all(is_plain) && !name.starts_with('-')
}
