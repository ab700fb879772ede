//! What keeps the capabilities from being opened.

/// A setting cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("setting {setting}: {message}")]
pub struct OpenError {
    /// Its name in the configuration: `cache.url`.
    pub setting: &'static str,
    /// What is wrong with it, and what would be right. Never a secret.
    pub message: String,
}

impl OpenError {
    pub(crate) fn new(setting: &'static str, message: impl Into<String>) -> Self {
        Self { setting, message: message.into() }
    }
}
