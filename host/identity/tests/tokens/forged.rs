//! Which tokens are believed, and which are not.

use astlas_identity::{Caller, Reason, Refused, Role, Subject};
use serde_json::{Value, json};

use crate::{
    mint::{Signer, base64, now, sign_shared},
    scene::{ROBOT, Scene},
};

fn invalid<T>(reason: Reason) -> Result<T, Refused> {
    Err(Refused::Invalid(reason))
}

#[tokio::test(start_paused = true)]
async fn every_algorithm_that_is_taken_is_believed() {
    let signers = [Signer::rsa("one"), Signer::es("curve"), Signer::ed("edwards")];
    let scene = Scene::new(&signers.each_ref()).await;
    for signer in &signers {
        let caller = scene.ask(&signer.sign(&scene.claims())).await.unwrap();
        let subject = Subject::Account(ROBOT.into());
        assert_eq!(caller, Caller { tenant: "acme".parse().unwrap(), role: Role::Index, subject });
        assert_eq!(caller.subject.to_string(), format!("account {ROBOT}"));
        // The signature is looked at.
        let token = signer.sign(&scene.claims());
        let (start, signature) = token.rsplit_once('.').unwrap();
        let first = if signature.starts_with('A') { "B" } else { "A" };
        assert_eq!(scene.ask(&format!("{start}.{first}{}", &signature[1..])).await, invalid(Reason::Signature));
        let (head, _) = start.split_once('.').unwrap();
        let other = base64(scene.but("sub", json!("5678")).to_string());
        assert_eq!(scene.ask(&format!("{head}.{other}.{signature}")).await, invalid(Reason::Signature));
    }
    assert_eq!(scene.issuer.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn claims_are_checked() {
    let signer = Signer::es("key");
    let scene = Scene::new(&[&signer]).await;
    for (claim, value, refused) in [
        ("iss", json!("https://accounts.google.com"), Refused::Invalid(Reason::Issuer)),
        ("iss", json!(format!("{}/", scene.issuer.address)), Refused::Invalid(Reason::Issuer)),
        ("iss", json!([scene.issuer.address]), Refused::Malformed),
        ("iss", Value::Null, Refused::Malformed),
        ("aud", json!("https://elsewhere.example.org"), Refused::Audience),
        ("aud", json!(["https://elsewhere.example.org"]), Refused::Audience),
        ("aud", json!([]), Refused::Audience),
        ("aud", Value::Null, Refused::Invalid(Reason::Claim)),
        ("aud", json!(7), Refused::Invalid(Reason::Claim)),
        ("exp", json!(now() - 61), Refused::Invalid(Reason::Expired)),
        ("exp", json!(0), Refused::Invalid(Reason::Expired)),
        ("exp", Value::Null, Refused::Invalid(Reason::Claim)),
        ("exp", json!("never"), Refused::Invalid(Reason::Claim)),
        ("exp", json!(-1), Refused::Invalid(Reason::Claim)),
        ("nbf", json!(now() + 120), Refused::Invalid(Reason::NotYet)),
        ("nbf", json!("now"), Refused::Invalid(Reason::Claim)),
        ("sub", Value::Null, Refused::Invalid(Reason::Claim)),
        ("email_verified", json!(false), Refused::Invalid(Reason::Account)),
        ("email_verified", json!("true"), Refused::Invalid(Reason::Account)),
        ("email_verified", Value::Null, Refused::Invalid(Reason::Account)),
        ("email", json!("ROBOT@project.iam.gserviceaccount.com"), Refused::Invalid(Reason::Account)),
        ("email", json!("somebody@example.org"), Refused::Invalid(Reason::Account)),
        ("email", Value::Null, Refused::Invalid(Reason::Account)),
    ] {
        let asked = scene.ask(&signer.sign(&scene.but(claim, value.clone()))).await;
        assert_eq!(asked, Err(refused), "{claim}: {value}");
    }
    for (claim, value) in [
        ("aud", json!(["https://elsewhere.example.org", "https://astlas.example.org"])),
        // Clocks differ.
        ("exp", json!(now() - 30)),
        ("nbf", json!(now() + 30)),
        ("exp", json!(now() as f64 + 60.5)),
    ] {
        scene.ask(&signer.sign(&scene.but(claim, value))).await.unwrap();
    }
    // The account by its number, whatever its address is.
    let mut claims = scene.but("sub", json!("5678"));
    claims["email_verified"] = json!(false);
    let caller = scene.ask(&signer.sign(&claims)).await.unwrap();
    assert_eq!((caller.tenant.as_str(), caller.role), ("other", Role::Admin));
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_is_there_twice_is_not_believed() {
    let signer = Signer::ed("key");
    let scene = Scene::new(&[&signer]).await;
    for claim in ["sub", "exp", "aud", "iss"] {
        let text = scene.claims().to_string();
        let value = &scene.claims()[claim];
        let twice = text.replacen('{', &format!("{{\"{claim}\":{value},"), 1);
        let token = signer.sign(&json!({}));
        let (head, _) = token.split_once('.').unwrap();
        // A signature over exactly this text.
        let token = signer.sign_text(&format!("{head}.{}", base64(twice)));
        assert!(matches!(scene.ask(&token).await, Err(Refused::Invalid(_) | Refused::Malformed)), "{claim}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_header_chooses_nothing() {
    let (rsa, es) = (Signer::rsa("one"), Signer::es("curve"));
    let scene = Scene::new(&[&rsa, &es]).await;
    let claims = scene.claims();
    let with = |signer: &Signer, name: &str, value: Value| {
        let mut header = signer.header();
        header[name] = value;
        header.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        signer.sign_with(&header, &claims)
    };
    // No signature, in all spellings.
    for algorithm in ["none", "None", "NONE", ""] {
        let head = base64(json!({"alg": algorithm, "kid": "one", "typ": "JWT"}).to_string());
        for signature in ["", "AAAA"] {
            let token = format!("{head}.{}.{signature}", base64(claims.to_string()));
            assert_eq!(scene.ask(&token).await, Err(Refused::Malformed), "{algorithm}");
        }
    }
    // The public key as a shared secret, in every form that somebody may have it in.
    let jwk = rsa.jwk();
    let modulus = jwk["n"].as_str().unwrap().to_owned();
    for secret in [jwk.to_string().into_bytes(), modulus.clone().into_bytes(), modulus_bytes(&modulus), vec![]] {
        let token = sign_shared(&json!({"alg": "HS256", "kid": "one", "typ": "JWT"}), &claims, &secret);
        assert_eq!(scene.ask(&token).await, invalid(Reason::Header));
    }
    // Algorithms that are not taken, and those of other keys.
    for algorithm in ["RS384", "RS512", "PS256", "ES384", "HS512"] {
        assert_eq!(scene.ask(&with(&rsa, "alg", json!(algorithm))).await, invalid(Reason::Header), "{algorithm}");
    }
    assert_eq!(scene.ask(&with(&rsa, "alg", json!("ES256"))).await, invalid(Reason::Header));
    assert_eq!(scene.ask(&with(&rsa, "kid", json!("curve"))).await, invalid(Reason::Header));
    assert_eq!(scene.ask(&with(&es, "kid", json!("one"))).await, invalid(Reason::Header));
    // A key that comes along, or is fetched from where the token says.
    let stranger = Signer::rsa("two");
    for (name, value) in [("jwk", stranger.jwk()), ("jku", json!(scene.issuer.address)), ("x5u", json!("x"))] {
        let mut header = rsa.header();
        header[name] = value;
        assert_eq!(scene.ask(&stranger.sign_with(&header, &claims)).await, invalid(Reason::Signature), "{name}");
    }
    assert_eq!(scene.ask(&with(&rsa, "kid", Value::Null)).await, invalid(Reason::SigningKey));
    assert_eq!(scene.ask(&with(&rsa, "kid", json!("gone"))).await, invalid(Reason::SigningKey));
    assert_eq!(scene.ask(&with(&rsa, "crit", json!(["exp"]))).await, invalid(Reason::Header));
    scene.ask(&with(&rsa, "typ", json!("at+jwt"))).await.unwrap();
}

fn modulus_bytes(modulus: &str) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(modulus).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_disabled_tenant_lets_in_no_account() {
    let signer = Signer::es("key");
    let scene = Scene::new(&[&signer]).await;
    scene.ask_with(&signer).await.unwrap();
    let (registry, acme) = (scene.identity.registry(), "acme".parse().unwrap());
    registry.create_tenant(&acme).await.unwrap();
    scene.ask_with(&signer).await.unwrap();
    registry.disable_tenant(&acme).await.unwrap();
    assert_eq!(scene.ask_with(&signer).await, invalid(Reason::Tenant));
}
