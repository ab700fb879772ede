//! No secret is in anything that may be logged.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::{fmt::Debug, sync::Arc};

use astlas_capabilities::{Blobs, BlobsSettings, ForgeSettings};
use astlas_identity::{Identity, IdentitySettings, Role, Tenant};
use astlas_test_servers::Still;
use http::HeaderMap;
use secrecy::ExposeSecret;

fn bearer(value: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", format!("Bearer {value}").parse().unwrap());
    headers
}

#[tokio::test(start_paused = true)]
async fn no_secret_is_shown() {
    let _still = Still::new();
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(&BlobsSettings::default(), &ForgeSettings::default(), folder.path().into()).unwrap();
    let identity = Identity::open(&IdentitySettings::default(), Arc::new(blobs)).unwrap();
    let registry = identity.registry();
    let tenant: Tenant = "acme".parse().unwrap();
    registry.create_tenant(&tenant).await.unwrap();
    let made = registry.create_key(&tenant, Role::Read, "label", None).await.unwrap();
    let key = made.secret.expose_secret().to_owned();
    let (_, secret) = key.rsplit_once('_').unwrap();
    let mut shown = vec![];
    let mut show = |value: &dyn Debug| shown.extend([format!("{value:?}"), format!("{value:#?}")]);
    show(&made);
    show(&made.key);
    show(&made.key.id);
    show(&registry.list_keys(&tenant).await.unwrap());
    show(&registry.list_tenants().await.unwrap());
    show(&serde_json::to_string(&made.key).unwrap());
    show(&identity.authenticate(&bearer(&key)).await.unwrap());
    // A token's parts are as good as a secret.
    let token = format!("eyJhbGciOiJub25lIn0.{secret}.{secret}");
    registry.disable_tenant(&tenant).await.unwrap();
    let wrong = format!("ast_acme_{}_{secret}", "0".repeat(24));
    for given in [key.clone(), wrong, format!("{key}x"), token, secret.into(), format!("{key} {key}")] {
        let refused = identity.authenticate(&bearer(&given)).await.unwrap_err();
        show(&refused);
        show(&refused.to_string());
        show(&refused.detail());
    }
    assert!(shown.iter().any(|text| text.contains("acme")), "something is shown");
    for text in shown {
        assert!(!text.contains(secret) && !text.contains(&secret[..16]), "{text}");
    }
    // Nor is it kept.
    let mut files = 0;
    for place in ["tenants", "keys/acme"] {
        for file in folder.path().join("_identity").join(place).read_dir().unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            assert!(!text.contains(secret) && !text.contains(&secret[..16]), "{text}");
            files += 1;
        }
    }
    assert_eq!(files, 2);
}
