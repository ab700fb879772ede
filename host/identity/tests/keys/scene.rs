//! What the tests share.

use std::sync::Arc;

use astlas_identity::{Caller, Identity, IdentitySettings, Refused, Store, Tenant};
use http::HeaderMap;

/// A service over a store.
pub fn open(store: Arc<dyn Store>) -> Identity {
    Identity::open(&IdentitySettings::default(), store).unwrap()
}

pub fn tenant(name: &str) -> Tenant {
    name.parse().unwrap()
}

/// Headers of these names and values.
pub fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in all {
        headers.append(*name, value.parse().unwrap());
    }
    headers
}

/// Who has a key.
pub async fn ask(identity: &Identity, key: &str) -> Result<Caller, Refused> {
    let headers = headers(&[("authorization", &format!("Bearer {key}"))]);
    is_send(identity.authenticate(&headers)).await
}

/// Whoever serves gives each request a task of its own.
fn is_send<T: Send>(value: T) -> T {
    value
}
