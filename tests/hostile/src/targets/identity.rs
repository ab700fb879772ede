//! Who calls: any bytes as what an issuer publishes, as credentials, and as a record of a key or tenant.

use std::{
    collections::BTreeMap,
    str::FromStr,
    sync::{Arc, LazyLock, Mutex},
};

use astlas_atlas::ports::Unavailable;
use astlas_identity::{
    Identity, IdentitySettings, KeyId, Registry, Store, Tenant,
    issuer::{IssuerKeys, keys_address, lifetime},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use futures_util::future::{BoxFuture, ready};
use http::{HeaderMap, HeaderValue, header};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use url::Url;

use crate::signer::{AUDIENCE, ISSUER, OWN};

/// A key, and where what is kept of it and of its tenant is.
pub const KEY: &str =
    "ast_acme_0123456789abcdef01234567_00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const ID: &str = "acme_0123456789abcdef01234567";
const PLACES: [&str; 2] = ["_identity/keys/acme/0123456789abcdef01234567", "_identity/tenants/acme"];

thread_local! {
    static RUNTIME: Runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    static IDENTITY: Identity = Identity::open(&IdentitySettings::default(), Arc::new(Memory::default())).unwrap();
}

static KEYS: LazyLock<IssuerKeys> = LazyLock::new(|| IssuerKeys::read(OWN.published.to_string().as_bytes()).unwrap());

fn audiences() -> [String; 1] {
    [AUDIENCE.to_owned()]
}

/// What is kept of the key and of its tenant.
pub fn records() -> [Value; 2] {
    let secret = KEY.rsplit('_').next().unwrap();
    let key = json!({"id": ID, "role": "index", "label": "ci", "created": 1, "expires": null, "revoked": null});
    [
        json!({"key": key, "blake3": blake3::hash(secret.as_bytes()).to_hex().as_str()}),
        json!({"tenant": "acme", "created": 1, "disabled": null}),
    ]
}

/// The first byte says what an issuer was asked for; the rest is its answer.
pub fn issuer(bytes: &[u8]) {
    let Some((&question, answer)) = bytes.split_first() else { return };
    match question % 3 {
        0 => {
            let Ok(keys) = IssuerKeys::read(answer) else { return };
            let published: Value = serde_json::from_slice(answer).unwrap();
            for (token, public) in OWN.tokens.iter().zip(&OWN.public) {
                let is_own = |part: &Value| {
                    let bytes = URL_SAFE_NO_PAD.decode(part.as_str().unwrap_or_default()).unwrap_or_default();
                    bytes.iter().skip_while(|byte| **byte == 0).eq(public.iter().skip_while(|byte| **byte == 0))
                };
                let has_own =
                    || published["keys"].as_array().unwrap().iter().any(|key| is_own(&key["n"]) || is_own(&key["x"]));
                assert!(keys.claims(token, &audiences()).is_err() || has_own(), "believed without its key");
            }
        }
        1 => {
            let Ok(address) = keys_address(ISSUER, answer) else { return };
            let address: Url = address.parse().unwrap();
            let is_here = matches!(address.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
            assert!(address.scheme() == "https" || address.scheme() == "http" && is_here, "{address}");
            assert!(address.username().is_empty() && address.password().is_none(), "{address}");
        }
        _ => {
            let Ok(value) = HeaderValue::from_bytes(answer) else { return };
            let kept = lifetime(&HeaderMap::from_iter([(header::CACHE_CONTROL, value)])).as_secs();
            assert!((60..=24 * 3600).contains(&kept), "{kept} s");
        }
    }
}

/// Credentials, as `Authorization` has them behind `Bearer`.
pub fn token(bytes: &[u8]) {
    if let Ok(token) = std::str::from_utf8(bytes)
        && let Ok(claims) = KEYS.claims(token, &audiences())
    {
        let message = |token: &str| token.rsplit_once('.').map(|(message, _)| message.to_owned());
        assert!(OWN.tokens.iter().any(|own| message(own) == message(token)), "nobody signed {token}");
        assert_eq!(claims.verified_email(), Some("a@example.org"));
    }
    let Ok(value) = HeaderValue::from_bytes(&[b"Bearer ", bytes].concat()) else { return };
    let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value)]);
    let caller = RUNTIME.with(|runtime| IDENTITY.with(|identity| runtime.block_on(identity.authenticate(&headers))));
    let Ok(caller) = caller else { return };
    assert_eq!((bytes, caller.tenant.as_str()), (KEY.as_bytes(), "acme"));
}

/// The first byte says what this is the record of: the key or its tenant. The other record is as it should be.
pub fn record(bytes: &[u8]) {
    let Some((&place, record)) = bytes.split_first() else { return };
    let store = Arc::new(Memory::default());
    let is_tenant = place & 1 == 1;
    store.put(PLACES[usize::from(is_tenant)], Bytes::copy_from_slice(record));
    let registry = Registry::new(store.clone(), &IdentitySettings::default());
    RUNTIME.with(|runtime| runtime.block_on(check(&registry, &store, is_tenant)));
}

/// Whoever is let in has what the records say; who is shut out stays so.
async fn check(registry: &Registry, store: &Memory, is_tenant: bool) {
    let (tenant, id) = (Tenant::from_str("acme").unwrap(), KeyId::from_str(ID).unwrap());
    let caller = registry.verify_key(KEY).await;
    let _ = (registry.list_tenants().await, registry.list_keys(&tenant).await);
    if is_tenant {
        assert!(caller.is_err() || registry.disable_tenant(&tenant).await.is_ok());
        if registry.disable_tenant(&tenant).await.is_ok() {
            assert!(registry.verify_key(KEY).await.is_err());
            registry.enable_tenant(&tenant).await.unwrap();
            assert!(registry.verify_key(KEY).await.is_ok());
        }
        return;
    }
    let revoked = registry.revoke_key(&id).await;
    assert!(revoked.as_ref().is_ok_and(|key| key.id == id && key.revoked.is_some()) || caller.is_err());
    if revoked.is_ok() {
        // As it was read, it was written.
        let record: Value = serde_json::from_slice(&store.get(PLACES[0]).unwrap()).unwrap();
        let [expected, _] = records();
        assert!(caller.as_ref().is_err() || record["blake3"] == expected["blake3"]);
        assert!(caller.is_err() || record["key"]["role"] == caller.unwrap().role.to_string());
        assert!(registry.verify_key(KEY).await.is_err());
    }
}

/// A store in memory that has both records.
struct Memory(Mutex<BTreeMap<String, Bytes>>);

impl Default for Memory {
    fn default() -> Self {
        let kept = PLACES.iter().zip(records());
        Self(Mutex::new(kept.map(|(place, record)| ((*place).to_owned(), record.to_string().into())).collect()))
    }
}

impl Memory {
    fn get(&self, name: &str) -> Option<Bytes> {
        self.0.lock().unwrap().get(name).cloned()
    }

    fn put(&self, name: &str, value: Bytes) {
        self.0.lock().unwrap().insert(name.to_owned(), value);
    }
}

impl Store for Memory {
    fn read<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, Unavailable>> {
        Box::pin(ready(Ok(self.get(name))))
    }

    fn write<'a>(&'a self, name: &'a str, value: Bytes) -> BoxFuture<'a, Result<(), Unavailable>> {
        self.put(name, value);
        Box::pin(ready(Ok(())))
    }

    fn list<'a>(&'a self, prefix: &'a str, after: &'a str) -> BoxFuture<'a, Result<Vec<String>, Unavailable>> {
        let names = self.0.lock().unwrap();
        let names = names.keys().filter(|name| name.starts_with(prefix) && name.as_str() > after).cloned().collect();
        Box::pin(ready(Ok(names)))
    }

    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), Unavailable>> {
        self.0.lock().unwrap().remove(name);
        Box::pin(ready(Ok(())))
    }
}
