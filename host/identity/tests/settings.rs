//! The section `[identity]`, and the names in it.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::sync::Arc;

use astlas_capabilities::{Blobs, BlobsSettings, ForgeSettings};
use astlas_identity::{GOOGLE, Identity, IdentitySettings, KeyId, Role, Tenant};

const WHOLE: &str = r#"
anonymous_tenant = "open"
anonymous_role = "index"
push_audience = "https://astlas.example.org/pubsub/push"
push_accounts = ["pubsub@project.iam.gserviceaccount.com"]
known_for = 5
unknown_for = 1
grace = 60

[[issuers]]
audiences = ["https://astlas.example.org"]
rules = [{ email = "robot@project.iam.gserviceaccount.com", tenant = "acme", role = "index" }]

[[issuers]]
issuer = "https://token.actions.example.org"
jwks_url = "https://token.actions.example.org/keys"
audiences = ["astlas"]
rules = [{ subject = "repo:acme/code", tenant = "acme", role = "read" }]
"#;

fn opened(text: &str) -> Result<(), String> {
    let settings: IdentitySettings = toml::from_str(text).map_err(|error| error.message().to_owned())?;
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(&BlobsSettings::default(), &ForgeSettings::default(), folder.path().into()).unwrap();
    Identity::open(&settings, Arc::new(blobs)).map(drop).map_err(|error| error.to_string())
}

#[test]
fn without_any_nobody_comes_in_but_with_a_key() {
    let settings: IdentitySettings = toml::from_str("").unwrap();
    assert_eq!(settings, IdentitySettings::default());
    assert_eq!((settings.anonymous_tenant, settings.push_audience, settings.push_unverified), (None, None, false));
    opened("").unwrap();
}

#[test]
fn all_can_be_given() {
    let settings: IdentitySettings = toml::from_str(WHOLE).unwrap();
    assert_eq!(settings.issuers[0].issuer, GOOGLE);
    assert_eq!(settings.issuers[1].rules[0].role, Role::Read);
    opened(WHOLE).unwrap();
}

#[test]
fn what_cannot_be_meant_is_named() {
    for (from, to, words) in [
        ("\"open\"", "\"Open\"", "1 to 64 of the characters a-z, 0-9 and -"),
        ("role = \"index\" }", "role = \"root\" }", "unknown variant `root`"),
        ("grace = 60", "grace = 60\ngrease = 1", "unknown field `grease`"),
        ("jwks_url", "jwks", "unknown field `jwks`"),
        ("tenant = \"acme\", role = \"read\"", "role = \"read\"", "missing field `tenant`"),
        ("https://token.actions.example.org\"", "http://token.actions.example.org\"", "identity.issuers: \"http:"),
        ("https://token.actions.example.org/keys", "http://10.0.0.1/keys", "no address of HTTPS"),
        ("https://token.actions.example.org\"", "https://me:word@token.example.org\"", "no address of HTTPS"),
        ("https://token.actions.example.org\"", "token\"", "no address of HTTPS"),
        ("https://token.actions.example.org\"", "https://accounts.google.com\"", "there twice"),
        ("audiences = [\"astlas\"]", "audiences = []", "has no audiences"),
        ("audiences = [\"astlas\"]", "audiences = [\"\"]", "has no audiences"),
        ("subject = \"repo:acme/code\", ", "", "give each email or subject"),
        ("subject = \"repo:acme/code\", ", "subject = \"\", ", "give each email or subject"),
        ("subject = \"repo", "email = \"a@b\", subject = \"repo", "give each email or subject"),
        ("push_accounts = [\"pubsub@project.iam.gserviceaccount.com\"]", "", "identity.push_accounts: nobody may push"),
        ("grace = 60", "grace = 60\npush_unverified = true", "identity.push_unverified"),
        ("grace = 60", "grace = 60\npush_issuer = \"google\"", "identity.push_issuer"),
    ] {
        let text = WHOLE.replacen(from, to, 1);
        assert_ne!(text, WHOLE, "{from}");
        let error = opened(&text).unwrap_err();
        assert!(error.contains(words), "{to}: {error}");
    }
}

#[test]
fn a_tenant_is_a_safe_part_of_a_key_and_a_path() {
    let longest = "a".repeat(64);
    for name in ["a", "0", "acme", "acme-2", "a-", "a--b", &longest] {
        assert_eq!(name.parse::<Tenant>().unwrap().as_str(), name);
    }
    let too_long = "a".repeat(65);
    for name in [
        "",
        "-",
        "-a",
        "A",
        "ä",
        "a_b",
        "a/b",
        "a.b",
        ".",
        "..",
        "a b",
        " a",
        "a\n",
        "a\0",
        "a:b",
        "a>b",
        "a*",
        "a%2f",
        "_identity",
        "\u{202e}a",
        "а",
        &too_long,
    ] {
        assert!(name.parse::<Tenant>().is_err(), "{name:?}");
        assert!(format!("{name}_{}", "0".repeat(24)).parse::<KeyId>().is_err(), "{name:?}");
    }
}

#[test]
fn a_role_may_what_those_before_it_may() {
    assert!(Role::Read < Role::Index && Role::Index < Role::Admin);
    for role in [Role::Read, Role::Index, Role::Admin] {
        assert_eq!(role.to_string().parse(), Ok(role));
    }
    assert!("Admin".parse::<Role>().is_err());
}
