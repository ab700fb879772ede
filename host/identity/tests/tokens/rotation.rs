//! When an issuer is asked for its keys.

use astlas_identity::{Reason, Refused};
use futures_util::future::join_all;

use crate::{
    mint::Signer,
    scene::{Scene, pass},
};

const UNKNOWN: Result<(), Refused> = Err(Refused::Invalid(Reason::SigningKey));

#[tokio::test(start_paused = true)]
async fn many_ask_at_once_and_the_issuer_is_asked_once() {
    let signer = Signer::es("key");
    let scene = Scene::new(&[&signer]).await;
    for done in join_all((0..200).map(|_| scene.ask_with(&signer))).await {
        done.unwrap();
    }
    assert_eq!(scene.issuer.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_new_key_is_found_and_an_old_one_dropped() {
    let (old, new) = (Signer::es("old"), Signer::ed("new"));
    let scene = Scene::new(&[&old]).await;
    scene.ask_with(&old).await.unwrap();
    scene.issuer.publish(&[&new]);
    assert_eq!(scene.issuer.asked(), 1);
    for done in join_all((0..50).map(|_| scene.ask_with(&new))).await {
        done.unwrap();
    }
    assert_eq!(scene.issuer.asked(), 1);
    assert_eq!(scene.ask_with(&old).await, UNKNOWN);
}

#[tokio::test(start_paused = true)]
async fn made_up_keys_are_looked_for_once_a_minute() {
    let (signer, stranger) = (Signer::es("key"), Signer::es("stranger"));
    let scene = Scene::new(&[&signer]).await;
    scene.ask_with(&signer).await.unwrap();
    assert_eq!(scene.issuer.asked(), 1);
    for asked in [1, 1] {
        for done in join_all((0..50).map(|_| scene.ask_with(&stranger))).await {
            assert_eq!(done, UNKNOWN);
        }
        pass(50).await;
        assert_eq!(scene.ask_with(&stranger).await, UNKNOWN);
        assert_eq!(scene.issuer.asked(), asked);
        pass(10).await;
    }
    scene.ask_with(&signer).await.unwrap();
    assert_eq!(scene.issuer.asked(), 0);
}

#[tokio::test(start_paused = true)]
async fn keys_are_kept_as_long_as_the_issuer_says() {
    let (old, new) = (Signer::es("old"), Signer::es("new"));
    for (said, seconds) in [("max-age=600", 600), ("no-store", 60), ("max-age=1", 60), ("max-age=9999999", 86_400)] {
        let scene = Scene::new(&[&old]).await;
        scene.issuer.cache_control(said);
        scene.ask_with(&old).await.unwrap();
        scene.issuer.publish(&[&new]);
        pass(seconds - 10).await;
        scene.ask_with(&old).await.unwrap();
        assert_eq!(scene.issuer.asked(), 1, "{said}");
        pass(10).await;
        assert_eq!(scene.ask_with(&old).await, UNKNOWN, "{said}");
        assert_eq!(scene.issuer.asked(), 1, "{said}");
    }
}
