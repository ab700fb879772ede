//! What holds while an issuer is away or talks nonsense.

use std::{pin::pin, thread, time::Duration};

use astlas_identity::{IdentitySettings, Refused};
use futures_util::future::join_all;
use serde_json::json;
use tokio::sync::oneshot;

use crate::{
    issuer::{Answer, Issuer},
    mint::Signer,
    scene::{Scene, pass, settings},
};

fn is_out_of_reach(asked: &Result<(), Refused>) -> bool {
    matches!(asked, Err(refused @ Refused::OutOfReach(_)) if refused.status() == 503)
}

fn nonsense() -> Vec<(&'static str, Answer)> {
    let body = |text: &str| Answer::Body("200 OK", text.into());
    let many: Vec<_> = (0..101).map(|_| Signer::ed("many").jwk()).collect();
    vec![
        ("an error", Answer::Body("500 Internal Server Error", vec![])),
        ("nothing there", Answer::Body("404 Not Found", b"{\"keys\":[]}".to_vec())),
        ("elsewhere", Answer::Body("302 Found", vec![])),
        ("no JSON", body("<html>")),
        ("no text", Answer::Body("200 OK", vec![0xff; 100])),
        ("no keys", body("{}")),
        ("an empty set", body("{\"keys\":[]}")),
        ("keys of another kind", body("{\"keys\":[1,null,{\"kty\":\"oct\",\"kid\":\"key\",\"k\":\"AAAA\"}]}")),
        ("deeply nested", body(&"[".repeat(100_000))),
        ("too many keys", body(&json!({"keys": many}).to_string())),
        ("too long", body(&" ".repeat(257 << 10))),
        ("endless", Answer::Endless),
    ]
}

#[tokio::test(start_paused = true)]
async fn without_keys_it_cannot_be_checked_and_with_them_it_goes_on() {
    let (signer, stranger) = (Signer::es("key"), Signer::es("stranger"));
    for (what, answer) in nonsense() {
        let scene = Scene::new(&[&signer]).await;
        scene.issuer.answer(answer.clone());
        assert!(is_out_of_reach(&scene.ask_with(&signer).await), "{what}");
        // It is not asked again at once.
        assert!(is_out_of_reach(&scene.ask_with(&signer).await), "{what}");
        assert_eq!(scene.issuer.asked(), 1, "{what}");
        scene.issuer.publish(&[&signer]);
        pass(10).await;
        scene.ask_with(&signer).await.unwrap();
        // Now with keys, which are over.
        scene.issuer.answer(answer);
        pass(3600).await;
        for _ in 0..3 {
            scene.ask_with(&signer).await.unwrap();
            assert!(is_out_of_reach(&scene.ask_with(&stranger).await), "{what}");
        }
        assert_eq!(scene.issuer.asked(), 2, "{what}");
        pass(23 * 3600).await;
        assert!(is_out_of_reach(&scene.ask_with(&signer).await), "{what}: keys of yesterday");
    }
}

#[tokio::test(start_paused = true)]
async fn an_issuer_that_went_away() {
    let (signer, stranger) = (Signer::es("key"), Signer::es("stranger"));
    let Scene { issuer, identity, still: _still, .. } = {
        let scene = Scene::new(&[&signer]).await;
        scene.ask_with(&signer).await.unwrap();
        scene
    };
    let claims = |signer: &Signer| {
        let claims = json!({
            "iss": issuer.address, "aud": "https://astlas.example.org", "sub": "5678", "exp": crate::mint::now() + 3600,
        });
        crate::scene::bearer(&signer.sign(&claims))
    };
    let (known, unknown) = (claims(&signer), claims(&stranger));
    issuer.stop().await;
    identity.authenticate(&known).await.unwrap();
    pass(3600).await;
    identity.authenticate(&known).await.unwrap();
    assert!(is_out_of_reach(&identity.authenticate(&unknown).await.map(drop)));
}

#[tokio::test(start_paused = true)]
async fn a_slow_issuer_holds_up_nobody_whose_key_is_known() {
    let (signer, stranger) = (Signer::es("key"), Signer::es("stranger"));
    let scene = Scene::new(&[&signer]).await;
    scene.ask_with(&signer).await.unwrap();
    assert_eq!(scene.issuer.asked(), 1);
    scene.issuer.answer(Answer::Silence);
    pass(3600).await;
    let mut seeking = pin!(scene.ask_with(&stranger));
    let others = async {
        is_asked(&scene.issuer).await;
        for done in join_all((0..50).map(|_| scene.ask_with(&signer))).await {
            done.unwrap();
        }
    };
    // No time passes, so whoever waited for the issuer would wait for good.
    tokio::select! {
        sought = &mut seeking => panic!("there is no answer yet: {sought:?}"),
        () = others => {}
        () = late() => panic!("somebody waits"),
    }
    pass(6).await;
    assert!(is_out_of_reach(&seeking.await), "it ends");
}

/// Waits until an issuer has been asked for its keys.
async fn is_asked(issuer: &Issuer) {
    while issuer.asked() == 0 {
        tokio::task::yield_now().await;
    }
}

/// A minute, whatever the time of the test is.
async fn late() {
    let (late, is_late) = oneshot::channel();
    thread::spawn(move || {
        thread::sleep(Duration::from_secs(60));
        // Mostly nobody waits any more.
        let _ = late.send(());
    });
    let _ = is_late.await;
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_given_up_does_not_stop_the_fetch() {
    let signer = Signer::es("key");
    let scene = Scene::new(&[&signer]).await;
    let held = scene.issuer.hold().await;
    tokio::select! {
        answered = scene.ask_with(&signer) => panic!("there is no answer yet: {answered:?}"),
        () = is_asked(&scene.issuer) => {}
    }
    drop(held);
    scene.ask_with(&signer).await.unwrap();
    assert_eq!(scene.issuer.asked(), 0, "it goes on with what was asked for");
}

#[tokio::test(start_paused = true)]
async fn what_an_issuer_says_about_itself_is_checked() {
    let signer = Signer::es("key");
    for configuration in [
        json!({"issuer": "https://accounts.google.com", "jwks_uri": "http://127.0.0.1:1/keys"}),
        json!({"issuer": "ADDRESS", "jwks_uri": "http://keys.example.org/keys"}),
        json!({"issuer": "ADDRESS", "jwks_uri": "file:///etc/passwd"}),
        json!({"issuer": "ADDRESS"}),
        json!([]),
    ] {
        let scene = Scene::new(&[&signer]).await;
        let text = configuration.to_string().replace("ADDRESS", &scene.issuer.address);
        scene.issuer.configure(serde_json::from_str(&text).unwrap());
        assert!(is_out_of_reach(&scene.ask_with(&signer).await), "{configuration}");
        assert_eq!(scene.issuer.asked(), 0);
    }
    // Where its keys are can be said instead.
    let issuer = Issuer::start(&[&signer]).await;
    issuer.configure(json!(null));
    let mut settings: IdentitySettings = settings(&issuer);
    settings.issuers[0].jwks_url = Some(format!("{}/keys", issuer.address));
    Scene::with(issuer, &settings).ask_with(&signer).await.unwrap();
}
