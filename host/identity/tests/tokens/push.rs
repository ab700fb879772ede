//! Who may push.

use astlas_identity::{Access, Identity, IdentitySettings, Reason, Refused};
use http::HeaderMap;
use serde_json::json;

use crate::{
    issuer::Issuer,
    mint::Signer,
    scene::{Scene, bearer, settings},
};

const AUDIENCE: &str = "https://astlas.example.org/pubsub/push";
const PUSHER: &str = "pubsub@project.iam.gserviceaccount.com";

async fn push(identity: &Identity, headers: &HeaderMap) -> Result<(), Refused> {
    identity.admit(Access::Push, headers).await.map(|caller| assert_eq!(caller, None))
}

#[tokio::test(start_paused = true)]
async fn a_subscription_pushes_with_its_audience_and_account() {
    let signer = Signer::rsa("one");
    let issuer = Issuer::start(&[&signer]).await;
    let settings = IdentitySettings {
        push_issuer: issuer.address.clone(),
        push_audience: Some(AUDIENCE.into()),
        push_accounts: vec!["other@example.org".into(), PUSHER.into()],
        ..settings(&issuer)
    };
    let scene = Scene::with(issuer, &settings);
    let mut claims = scene.but("aud", json!(AUDIENCE));
    claims["email"] = json!(PUSHER);
    let with = |claim: &str, value| {
        let mut claims = claims.clone();
        claims[claim] = value;
        bearer(&signer.sign(&claims))
    };
    let identity = &scene.identity;
    push(identity, &bearer(&signer.sign(&claims))).await.unwrap();
    let invalid = |reason| Err(Refused::Invalid(reason));
    assert_eq!(push(identity, &with("email", json!("robot@example.org"))).await, invalid(Reason::Account));
    assert_eq!(push(identity, &with("email_verified", json!(false))).await, invalid(Reason::Account));
    assert_eq!(push(identity, &with("exp", json!(1))).await, invalid(Reason::Expired));
    assert_eq!(push(identity, &with("iss", json!("https://accounts.google.com"))).await, invalid(Reason::Issuer));
    assert_eq!(push(identity, &with("aud", json!(crate::scene::AUDIENCE))).await, Err(Refused::Audience));
    let stranger = Signer::rsa("two");
    let header = json!({"alg": "RS256", "kid": "one"});
    assert_eq!(push(identity, &bearer(&stranger.sign_with(&header, &claims))).await, invalid(Reason::Signature));
    assert_eq!(push(identity, &HeaderMap::new()).await, Err(Refused::NotPushing));
    assert_eq!(push(identity, &bearer("nonsense")).await, Err(Refused::Malformed));
    let key = format!("ast_acme_{}_{}", "0".repeat(24), "0".repeat(64));
    assert_eq!(push(identity, &bearer(&key)).await, Err(Refused::NotPushing));
    // One is not good for the other, though the issuer is the same; its keys were fetched once.
    assert_eq!(scene.ask(&signer.sign(&claims)).await, Err(Refused::Audience));
    assert_eq!(push(identity, &bearer(&signer.sign(&scene.claims()))).await, Err(Refused::Audience));
    assert_eq!(scene.issuer.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn without_an_audience_pushes_are_taken_only_if_that_is_said() {
    let scene = Scene::new(&[]).await;
    assert_eq!(push(&scene.identity, &HeaderMap::new()).await, Err(Refused::NotPushing));
    assert_eq!(push(&scene.identity, &bearer("a.b.c")).await, Err(Refused::Invalid(Reason::PushClosed)));
    let issuer = Issuer::start(&[]).await;
    let settings = IdentitySettings { push_unverified: true, ..settings(&issuer) };
    push(&Scene::with(issuer, &settings).identity, &HeaderMap::new()).await.unwrap();
}
