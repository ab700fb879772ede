//! What an issuer says about itself (OpenID Connect Discovery).

use serde::Deserialize;

use crate::settings::is_trustworthy;

#[derive(Deserialize)]
struct Discovered {
    issuer: String,
    jwks_uri: String,
}

/// Where the issuer says that its keys are, if it is the one and they come from whom it says.
pub fn keys_address(issuer: &str, body: &[u8]) -> Result<String, String> {
    let Discovered { issuer: said, jwks_uri } =
        serde_json::from_slice(body).map_err(|error| format!("no configuration: {error}"))?;
    if said != issuer {
        return Err(format!("the configuration of another issuer: {said:?}"));
    }
    if !is_trustworthy(&jwks_uri) {
        return Err(format!("its keys are at {jwks_uri:?}, which is no address of HTTPS"));
    }
    Ok(jwks_uri)
}
