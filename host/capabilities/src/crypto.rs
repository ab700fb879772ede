//! What TLS is computed with: chosen once for the process, before anything connects.

/// Has everything that uses TLS use `ring`. Opening a capability does so; whoever connects before calls it first.
pub fn install() {
    // Whoever chose before has chosen.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
