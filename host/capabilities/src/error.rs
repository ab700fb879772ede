//! What keeps the capabilities from being opened, and how it is said without secrets.

/// A setting cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("setting {setting}: {message}")]
pub struct OpenError {
    /// Its name in the configuration: `cache.url`.
    pub setting: &'static str,
    /// What is wrong with it, and what would be right. Never a secret.
    pub message: String,
}

/// What stands in the place of a secret.
pub const HIDDEN: &str = "(hidden)";

/// An address without who asks, and with what: for people to read.
pub fn without_password(text: &str) -> String {
    let start = text.find("://").map_or(0, |at| at + "://".len());
    // A password may have anything in it: all up to the last sign goes. Without a scheme, it may be somebody's address.
    match text[start..].rsplit_once('@') {
        Some((who, rest)) if start > 0 || who.contains(':') => format!("{}{HIDDEN}@{rest}", &text[..start]),
        _ => text.to_owned(),
    }
}

impl OpenError {
    pub(crate) fn new(setting: &'static str, message: impl Into<String>) -> Self {
        Self { setting, message: message.into() }
    }
}
