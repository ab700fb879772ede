//! What TLS is computed with: chosen once for the process, before anything connects.

/// Has everything that uses TLS use `ring`.
pub fn install() {
    // Whoever chose before has chosen.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
