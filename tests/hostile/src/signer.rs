//! An issuer of identity tokens: keys that are the same on every run, and tokens signed with them.

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use serde_json::{Value, json};

/// Who the tokens are from.
pub const ISSUER: &str = "https://issuer.example.org";
/// Who they are for.
pub const AUDIENCE: &str = "https://astlas.example.org";
/// A key of nobody's, that other tests have as well.
const RSA: &[u8] = include_bytes!("../../../host/identity/tests/tokens/rsa-one.der");
/// A public key on P-256, from RFC 6979 (A.2.5).
const P256: [&str; 2] = ["YP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Y", "eQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk"];

/// What the issuer publishes, and what it signed.
pub struct Issuer {
    /// Its keys, as JSON.
    pub published: Value,
    /// Tokens that hold, each with another key.
    pub tokens: Vec<String>,
    /// What is public of those keys, as they are published.
    pub public: Vec<Vec<u8>>,
}

/// The issuer.
pub static OWN: LazyLock<Issuer> = LazyLock::new(Issuer::make);

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Issuer {
    fn make() -> Self {
        let rsa = RsaKeyPair::from_der(RSA).unwrap();
        let ed = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        let parts = PublicKeyComponents::<Vec<u8>>::from(rsa.public());
        let claims = json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": "1", "email": "a@example.org", "email_verified": true,
            "iat": 1_700_000_000_u64, "exp": 4_102_444_800_u64,
        });
        let message = |algorithm: &str, key: &str| {
            let header = json!({"alg": algorithm, "kid": key, "typ": "JWT"});
            format!("{}.{}", encoded(header.to_string()), encoded(claims.to_string()))
        };
        let (by_rsa, by_ed) = (message("RS256", "rsa"), message("EdDSA", "ed"));
        let mut signature = vec![0; rsa.public().modulus_len()];
        rsa.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), by_rsa.as_bytes(), &mut signature).unwrap();
        let tokens =
            vec![format!("{by_rsa}.{}", encoded(signature)), format!("{by_ed}.{}", encoded(ed.sign(by_ed.as_bytes())))];
        let published = json!({"keys": [
            {"kty": "RSA", "n": encoded(&parts.n), "e": encoded(&parts.e), "kid": "rsa", "alg": "RS256", "use": "sig"},
            {"kty": "OKP", "crv": "Ed25519", "x": encoded(ed.public_key()), "kid": "ed", "alg": "EdDSA"},
            {"kty": "EC", "crv": "P-256", "x": P256[0], "y": P256[1], "kid": "es", "alg": "ES256"},
            {"kty": "oct", "k": "c2hhcmVk", "kid": "shared", "alg": "HS256"},
        ]});
        Self { published, tokens, public: vec![parts.n, ed.public_key().as_ref().to_vec()] }
    }
}
