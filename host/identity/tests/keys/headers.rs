//! What is no key and no token: refused, whatever it is.

use std::sync::Arc;

use astlas_identity::{Identity, Reason, Refused};
use http::{HeaderMap, HeaderValue};
use proptest::{prelude::*, test_runner::TestRunner};

use crate::{
    scene::{headers, open},
    scripted::Scripted,
};

fn refused(runtime: &tokio::runtime::Runtime, identity: &Identity, name: &'static str, value: &[u8]) -> Refused {
    let mut headers = HeaderMap::new();
    headers.insert(name, HeaderValue::from_bytes(value).unwrap());
    runtime.block_on(identity.authenticate(&headers)).unwrap_err()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn anything_that_was_not_made_here_is_refused() {
    let (runtime, identity) = (runtime(), open(Arc::new(Scripted::default())));
    let part = || prop_oneof!["[A-Za-z0-9_-]{0,40}", "[ -~]{0,20}", "eyJ[A-Za-z0-9_-]{0,80}"];
    let shaped = prop_oneof![
        "[ -~]{0,200}",
        "(ast_|Bearer ast_|bearer  ast_|AST_)[a-z0-9_-]{0,100}",
        "(Bearer )?ast_[a-z0-9-]{0,66}_[0-9a-f]{23,25}_[0-9a-fA-F]{63,65}",
        (part(), part(), part()).prop_map(|(one, two, three)| format!("Bearer {one}.{two}.{three}")),
    ];
    let bytes = prop::collection::vec(prop_oneof![Just(9), 32..=126_u8, 128..=255_u8], 0..300);
    let values = prop_oneof![shaped.prop_map(String::into_bytes), bytes];
    let mut runner = TestRunner::new(ProptestConfig { cases: 4000, failure_persistence: None, ..Default::default() });
    let run = runner.run(&(values, any::<bool>()), |(value, in_key)| {
        let name = if in_key { "x-api-key" } else { "authorization" };
        let refused = refused(&runtime, &identity, name, &value);
        let is_right = matches!(refused, Refused::Malformed | Refused::Invalid(Reason::UnknownKey | Reason::Issuer));
        prop_assert!(is_right, "{refused:?}");
        prop_assert_eq!(refused.status(), 401);
        Ok(())
    });
    run.unwrap();
}

#[test]
fn the_form_of_a_key_is_exact() {
    let (runtime, identity) = (runtime(), open(Arc::new(Scripted::default())));
    let (number, secret) = ("0a".repeat(12), "0b".repeat(32));
    let whole = format!("ast_acme_{number}_{secret}");
    assert_eq!(refused(&runtime, &identity, "x-api-key", whole.as_bytes()), Refused::Invalid(Reason::UnknownKey));
    let tenant = "a".repeat(65);
    for key in [
        format!("ast_{number}_{secret}"),
        format!("ast__{number}_{secret}"),
        format!("ast_-acme_{number}_{secret}"),
        format!("ast_Acme_{number}_{secret}"),
        format!("ast_a.b_{number}_{secret}"),
        format!("ast_a/b_{number}_{secret}"),
        format!("ast_../x_{number}_{secret}"),
        format!("ast_{tenant}_{number}_{secret}"),
        format!("ast_acme_{number}_{}", secret.to_uppercase()),
        format!("ast_acme_{}_{secret}", number.to_uppercase()),
        format!("ast_acme_{number}_{secret}0"),
        format!("ast_acme_{number}_{}", &secret[1..]),
        format!("ast_acme_{number}_"),
        format!("ast_acme_{number}"),
        format!("AST_acme_{number}_{secret}"),
        format!("{whole} {whole}"),
        format!("Bearer {whole}"),
        "ast_".into(),
        String::new(),
    ] {
        assert_eq!(refused(&runtime, &identity, "x-api-key", key.as_bytes()), Refused::Malformed, "{key}");
        if !key.starts_with("Bearer") {
            let bearer = format!("Bearer {key}");
            assert_eq!(refused(&runtime, &identity, "authorization", bearer.as_bytes()), Refused::Malformed, "{key}");
        }
    }
    for given in [
        vec![("authorization", format!("Basic {whole}"))],
        vec![("authorization", whole.clone())],
        vec![("authorization", format!("Bearer {whole}")), ("authorization", format!("Bearer {whole}"))],
        vec![("x-api-key", whole.clone()), ("x-api-key", whole.clone())],
        vec![("authorization", format!("Bearer {}", "a".repeat(9000)))],
    ] {
        let given: Vec<_> = given.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let asked = runtime.block_on(identity.authenticate(&headers(&given)));
        assert_eq!(asked, Err(Refused::Malformed));
    }
}
