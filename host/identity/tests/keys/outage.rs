//! What is remembered of keys, for how long, and what holds while the store is out of reach.

use std::{sync::Arc, time::Duration};

use astlas_identity::{Identity, IdentitySettings, NewKey, Reason, Refused, Role, Subject};
use bytes::Bytes;
use futures_util::future::join_all;
use secrecy::ExposeSecret;
use tokio::time::{Instant, advance};

use crate::{
    scene::{ask, headers, open, tenant},
    scripted::{Mood, Scripted},
};

struct Scene {
    store: Arc<Scripted>,
    identity: Identity,
    /// Another instance.
    other: Identity,
    made: NewKey,
}

impl Scene {
    async fn new() -> Self {
        let store = Arc::new(Scripted::default());
        let (identity, other) = (open(store.clone()), open(store.clone()));
        other.registry().create_tenant(&tenant("acme")).await.unwrap();
        let made = other.registry().create_key(&tenant("acme"), Role::Read, "", None).await.unwrap();
        store.reads();
        Self { store, identity, other, made }
    }

    async fn ask(&self) -> Result<(), Refused> {
        ask(&self.identity, self.made.secret.expose_secret()).await.map(drop)
    }
}

async fn seconds(count: u64) {
    advance(Duration::from_secs(count)).await;
}

#[tokio::test(start_paused = true)]
async fn a_key_is_read_once_and_a_revocation_holds_in_time() {
    let scene = Scene::new().await;
    for done in join_all((0..100).map(|_| scene.ask())).await {
        done.unwrap();
    }
    assert_eq!(scene.store.reads(), 2, "the key and its tenant");
    scene.other.registry().revoke_key(&scene.made.key.id).await.unwrap();
    scene.store.reads();
    seconds(9).await;
    scene.ask().await.unwrap();
    assert_eq!(scene.store.reads(), 0);
    seconds(1).await;
    assert_eq!(scene.ask().await, Err(Refused::Invalid(Reason::Revoked)));
}

#[tokio::test(start_paused = true)]
async fn a_disabled_tenant_is_disabled_everywhere_in_time() {
    let scene = Scene::new().await;
    scene.ask().await.unwrap();
    scene.other.registry().disable_tenant(&tenant("acme")).await.unwrap();
    seconds(10).await;
    assert_eq!(scene.ask().await, Err(Refused::Invalid(Reason::Tenant)));
}

#[tokio::test(start_paused = true)]
async fn a_key_that_was_not_there_is_found_soon() {
    let scene = Scene::new().await;
    let values = std::mem::take(&mut *scene.store.values.lock().unwrap());
    for _ in 0..2 {
        assert_eq!(scene.ask().await, Err(Refused::Invalid(Reason::UnknownKey)));
    }
    assert_eq!(scene.store.reads(), 1);
    *scene.store.values.lock().unwrap() = values;
    seconds(2).await;
    scene.ask().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_known_key_holds_for_the_grace_and_an_unknown_one_cannot_be_checked() {
    for mood in [Mood::Failing, Mood::Silent] {
        let scene = Scene::new().await;
        scene.ask().await.unwrap();
        let unknown = format!("ast_acme_{}_{}", "0".repeat(24), "0".repeat(64));
        assert!(matches!(ask(&scene.identity, &unknown).await, Err(Refused::Invalid(_))));
        scene.store.set(mood);
        for waited in [10, 100, 289] {
            seconds(waited).await;
            scene.ask().await.unwrap();
            let refused = ask(&scene.identity, &unknown).await.unwrap_err();
            assert!(matches!(refused, Refused::OutOfReach(_)), "{mood:?}: {refused:?}");
            assert_eq!(refused.status(), 503);
        }
        seconds(300).await;
        assert!(matches!(scene.ask().await, Err(Refused::OutOfReach(_))), "{mood:?}");
        // It is found again by itself.
        scene.store.set(Mood::Well);
        seconds(5).await;
        scene.ask().await.unwrap();
        assert!(matches!(ask(&scene.identity, &unknown).await, Err(Refused::Invalid(_))));
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_store_holds_up_one_request_and_no_other() {
    let scene = Scene::new().await;
    scene.ask().await.unwrap();
    scene.store.set(Mood::Silent);
    seconds(10).await;
    // It becomes known that the store is away.
    scene.ask().await.unwrap();
    scene.store.reads();
    let asked = Instant::now();
    for done in join_all((0..50).map(|_| scene.ask())).await {
        done.unwrap();
    }
    assert_eq!((asked.elapsed(), scene.store.reads()), (Duration::ZERO, 0));
    seconds(5).await;
    let asked = Instant::now();
    let times = join_all((0..50).map(async |_| {
        scene.ask().await.unwrap();
        asked.elapsed()
    }));
    let waited = times.await.into_iter().filter(|time| *time > Duration::ZERO).count();
    // One finds out about the key, perhaps another one about the tenant.
    assert!(waited <= 2, "{waited} waited");
}

#[tokio::test(start_paused = true)]
async fn a_record_that_cannot_be_read_lets_nobody_in() {
    let scene = Scene::new().await;
    let name = format!("_identity/keys/acme/{}", scene.made.key.id.number());
    let whole = scene.store.values.lock().unwrap()[&name].clone();
    let text = String::from_utf8(whole.to_vec()).unwrap();
    let broken = [
        text[..text.len() / 2].to_owned(),
        text.replace("\"read\"", "\"root\""),
        text.replace("\"label\"", "\"condition\":1,\"label\""),
        text.replace("acme_", "acme-2_"),
        text.replace("\"blake3\":\"", "\"blake3\":\"00"),
        String::new(),
    ];
    for record in broken {
        assert_ne!(record, text);
        scene.store.values.lock().unwrap().insert(name.clone(), Bytes::from(record.clone()));
        let asked = ask(&open(scene.store.clone()), scene.made.secret.expose_secret()).await;
        assert!(matches!(asked, Err(Refused::OutOfReach(_))), "{record}: {asked:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_sends_nothing_is_anonymous_where_that_is_allowed() {
    let store = Arc::new(Scripted::default());
    let none = headers(&[]);
    assert_eq!(open(store.clone()).authenticate(&none).await, Err(Refused::Missing));
    let settings = IdentitySettings { anonymous_tenant: Some(tenant("open")), ..IdentitySettings::default() };
    let identity = Identity::open(&settings, store.clone()).unwrap();
    let caller = identity.authenticate(&none).await.unwrap();
    assert_eq!((caller.tenant.as_str(), caller.role, caller.subject.clone()), ("open", Role::Read, Subject::Anonymous));
    assert_eq!(caller.require(Role::Index), Err(Refused::Missing), "credentials would help");
    // Nobody becomes anonymous by credentials that do not hold.
    assert_eq!(identity.authenticate(&headers(&[("authorization", "Bearer x")])).await, Err(Refused::Malformed));
    let unknown = format!("ast_open_{}_{}", "0".repeat(24), "0".repeat(64));
    assert_eq!(ask(&identity, &unknown).await, Err(Refused::Invalid(Reason::UnknownKey)));
    identity.registry().create_tenant(&tenant("open")).await.unwrap();
    identity.registry().disable_tenant(&tenant("open")).await.unwrap();
    assert_eq!(identity.authenticate(&none).await, Err(Refused::Invalid(Reason::Tenant)));
    // Without a store it is not known to be disabled, and nobody had to be looked up.
    store.set(Mood::Failing);
    Identity::open(&settings, store).unwrap().authenticate(&none).await.unwrap();
}
