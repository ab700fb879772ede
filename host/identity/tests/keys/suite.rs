//! The life of tenants and keys, wherever they are kept.

use std::{sync::Arc, time::Duration};

use astlas_capabilities::{Blobs, BlobsSettings, ForgeSettings};
use astlas_identity::{Access, Caller, Reason, Refused, RegistryError, Role, Store, Subject};
use astlas_test_servers::{GcsServer, Still};
use secrecy::ExposeSecret;

use crate::{
    scene::{ask, headers, open, tenant},
    scripted::Scripted,
};

fn blobs(settings: &BlobsSettings, folder: &std::path::Path) -> Arc<dyn Store> {
    Arc::new(Blobs::open(settings, &ForgeSettings::default(), folder.into()).unwrap())
}

#[tokio::test(start_paused = true)]
async fn in_a_folder() {
    let _still = Still::new();
    let folder = tempfile::tempdir().unwrap();
    suite(blobs(&BlobsSettings::default(), folder.path())).await;
    let names: Vec<_> = folder.path().join("_identity/keys/acme").read_dir().unwrap().collect();
    assert!(!names.is_empty(), "keys are where tenants cannot write");
}

#[tokio::test(start_paused = true)]
async fn in_a_bucket() {
    let _still = Still::new();
    let server = GcsServer::start();
    server.make_bucket("astlas-test");
    let (bucket, endpoint) = (Some("astlas-test".into()), Some(server.address()));
    let settings = BlobsSettings { bucket, endpoint, prefix: "of/ours/".into(), ..BlobsSettings::default() };
    suite(blobs(&settings, "/nowhere".as_ref())).await;
}

#[tokio::test]
async fn in_pages() {
    suite(Arc::new(Scripted::default())).await;
}

async fn suite(store: Arc<dyn Store>) {
    let identity = open(store.clone());
    let registry = identity.registry();
    let (acme, other) = (tenant("acme"), tenant("acme-2"));

    // Tenants.
    let no_tenant = registry.create_key(&acme, Role::Read, "", None).await;
    assert!(matches!(no_tenant, Err(RegistryError::NoTenant(_))));
    let made = registry.create_tenant(&acme).await.unwrap();
    assert!(made.created > 1_700_000_000 && made.disabled.is_none());
    assert!(matches!(registry.create_tenant(&acme).await, Err(RegistryError::TenantExists(_))));
    registry.create_tenant(&other).await.unwrap();
    registry.create_tenant(&tenant("z")).await.unwrap();
    let names: Vec<_> = registry.list_tenants().await.unwrap().into_iter().map(|it| it.tenant.to_string()).collect();
    assert_eq!(names, ["acme", "acme-2", "z"]);

    // Keys.
    let made = registry.create_key(&acme, Role::Index, "of the build", None).await.unwrap();
    let (key, id) = (made.secret.expose_secret(), made.key.id.clone());
    let caller = ask(&identity, key).await.unwrap();
    assert_eq!(caller, Caller { tenant: acme.clone(), role: Role::Index, subject: Subject::Key(id.clone()) });
    assert_eq!(identity.authenticate(&headers(&[("x-api-key", key)])).await.unwrap(), caller);
    // What stands before the service may have an Authorization of its own.
    let both = headers(&[("x-api-key", key), ("authorization", "Bearer of.somebody.else")]);
    assert_eq!(identity.authenticate(&both).await.unwrap(), caller);
    assert_eq!(ask(&open(store.clone()), key).await.unwrap(), caller, "another instance");
    let lower = headers(&[("authorization", &format!("bearer   {key}"))]);
    assert_eq!(identity.authenticate(&lower).await.unwrap(), caller);

    // Roles.
    let key_headers = headers(&[("x-api-key", key)]);
    for role in [Role::Read, Role::Index] {
        let admitted = identity.admit(Access::Role(role), &key_headers).await.unwrap();
        assert_eq!(admitted.as_ref(), Some(&caller));
    }
    let refused = identity.admit(Access::Role(Role::Admin), &key_headers).await.unwrap_err();
    assert_eq!(refused, Refused::Role { needed: Role::Admin, held: Role::Index });
    assert_eq!(refused.status(), 403);
    assert_eq!(identity.admit(Access::Anonymous, &key_headers).await.unwrap(), None);

    // Not quite a key.
    let invalid = |reason| Err(Refused::Invalid(reason));
    for at in [key.len() - 1, key.len() - 64] {
        let changed = if &key[at..=at] == "0" { "1" } else { "0" };
        let tampered = format!("{}{changed}{}", &key[..at], &key[at + 1..]);
        assert_eq!(ask(&identity, &tampered).await, invalid(Reason::WrongSecret));
    }
    let others = registry.create_key(&other, Role::Admin, "", None).await.unwrap();
    let (_, secret) = key.rsplit_once('_').unwrap();
    let mixed = format!("ast_{}_{secret}", others.key.id);
    assert_eq!(ask(&identity, &mixed).await, invalid(Reason::WrongSecret));
    let unknown = format!("ast_acme_{}_{secret}", others.key.id.number());
    assert_eq!(ask(&identity, &unknown).await, invalid(Reason::UnknownKey));
    // Nobody outside can tell these apart.
    let told = [&tampered_text(&identity, &mixed).await, &tampered_text(&identity, &unknown).await];
    assert_eq!(told[0], told[1]);

    // Expired, revoked, deleted.
    let brief = registry.create_key(&acme, Role::Read, "", Some(Duration::ZERO)).await.unwrap();
    assert_eq!(ask(&identity, brief.secret.expose_secret()).await, invalid(Reason::Expired));
    let lasting = registry.create_key(&acme, Role::Read, "", Some(Duration::from_secs(3600))).await.unwrap();
    assert_eq!(lasting.key.expires, Some(lasting.key.created + 3600));
    ask(&identity, lasting.secret.expose_secret()).await.unwrap();
    let revoked = registry.revoke_key(&id).await.unwrap();
    assert_eq!(registry.revoke_key(&id).await.unwrap(), revoked, "twice is once");
    assert_eq!(ask(&identity, key).await, invalid(Reason::Revoked), "at once in this process");
    assert_eq!(ask(&open(store.clone()), key).await, invalid(Reason::Revoked));
    let mut listed = registry.list_keys(&acme).await.unwrap();
    let mut expected = vec![revoked, brief.key.clone(), lasting.key.clone()];
    expected.sort_by(|one, other| one.id.cmp(&other.id));
    listed.sort_by(|one, other| one.id.cmp(&other.id));
    assert_eq!(listed, expected);
    assert_eq!(registry.list_keys(&other).await.unwrap(), std::slice::from_ref(&others.key));
    registry.delete_key(&brief.key.id).await.unwrap();
    assert!(matches!(registry.delete_key(&brief.key.id).await, Err(RegistryError::NoKey(_))));
    assert!(matches!(registry.revoke_key(&brief.key.id).await, Err(RegistryError::NoKey(_))));
    assert_eq!(ask(&identity, brief.secret.expose_secret()).await, invalid(Reason::UnknownKey));

    // A tenant that is disabled.
    let record = registry.disable_tenant(&acme).await.unwrap();
    assert_eq!(registry.disable_tenant(&acme).await.unwrap(), record, "the first time counts");
    assert_eq!(ask(&identity, lasting.secret.expose_secret()).await, invalid(Reason::Tenant));
    ask(&identity, others.secret.expose_secret()).await.unwrap();
    registry.enable_tenant(&acme).await.unwrap();
    ask(&identity, lasting.secret.expose_secret()).await.unwrap();
    assert!(matches!(registry.disable_tenant(&tenant("nobody")).await, Err(RegistryError::NoTenant(_))));
    for label in ["x".repeat(201), "two\nlines".into(), "a\u{1b}[2J".into(), "\u{9b}2J".into()] {
        assert!(matches!(registry.create_key(&acme, Role::Read, &label, None).await, Err(RegistryError::Label)));
    }
    for turned in ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}').chain(['\u{200f}', '\u{2028}']) {
        let label = format!("a{turned}b");
        assert!(matches!(registry.create_key(&acme, Role::Read, &label, None).await, Err(RegistryError::Label)));
    }
    for label in ["the CI's", "schlüssel", "مفتاح", "🔑"] {
        assert_eq!(registry.create_key(&acme, Role::Read, label, None).await.unwrap().key.label, label);
    }
}

async fn tampered_text(identity: &astlas_identity::Identity, key: &str) -> String {
    ask(identity, key).await.unwrap_err().to_string()
}
