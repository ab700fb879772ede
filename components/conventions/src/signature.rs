//! Who wrote a body: HMAC with SHA-256, as forges sign.

use astlas_atlas::ports::Verdict;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// How a signature begins.
const SCHEME: &str = "sha256=";
/// How long it is, in bytes.
const LENGTH: usize = 32;

/// Whether whoever wrote the body knows the secret. Takes as long for any signature of the right form.
pub fn verify(secret: &str, signature: &str, body: &[u8]) -> Verdict {
    let (Some(claimed), Ok(mut mac)) = (read(signature), Hmac::<Sha256>::new_from_slice(secret.as_bytes())) else {
        return Verdict::Forged;
    };
    mac.update(body);
    if mac.verify_slice(&claimed).is_ok() { Verdict::Authentic } else { Verdict::Forged }
}

/// The bytes of a signature in hexadecimal.
fn read(signature: &str) -> Option<[u8; LENGTH]> {
    let digits = signature.trim().strip_prefix(SCHEME)?.as_bytes();
    let mut bytes = [0; LENGTH];
    if digits.len() != 2 * LENGTH {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        *byte = digit(0)? << 4 | digit(1)?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_signature_holds_and_no_other() {
        // GitHub's example: secret, payload and value to expect.
        let (secret, body) = ("It's a Secret to Everybody", b"Hello, World!");
        let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        assert_eq!(verify(secret, signature, body), Verdict::Authentic);
        assert_eq!(verify(secret, &signature.to_uppercase().replace("SHA", "sha"), body), Verdict::Authentic);
        assert_eq!(verify("another", signature, body), Verdict::Forged);
        assert_eq!(verify(secret, signature, b"Hello, World"), Verdict::Forged);
        let forged = ["", "sha256=", "sha1=757107", &signature[..70], &format!("{signature}00"), &signature[7..]];
        for signature in
            forged.into_iter().chain(["sha256=é57107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1"])
        {
            assert_eq!(verify(secret, signature, body), Verdict::Forged, "{signature}");
        }
    }
}
