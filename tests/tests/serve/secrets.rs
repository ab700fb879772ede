//! No secret enters the log, however much is said and whatever fails: passwords of Redis, identity tokens, what the forge
//! knows, keys.

use std::fs;

use astlas_hostile::signer::{AUDIENCE, ISSUER, OWN};
use astlas_test_servers::{ANYWHERE, Forge, RedisServer, serve};
use astlas_tests::{Sandbox, archives::zip};
use serde_json::{Value, json};

use crate::{
    service::{Service, sandbox, until},
    tenants::ask,
};

const PASSWORD: &str = "pass-of-redis-8d1f";
const WRONG: &str = "wrong-pass-of-redis-77ab";
const SECRET: &str = "what-the-forge-signs-with-40c2";
const TOKEN: &str = "ghs-token-of-the-forge-91e3";

/// What stands in the place of a server that is gone: nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9";

/// A service that says all it can, with the accounts of the test's issuer, whose keys are at an address.
fn talkative(sandbox: &Sandbox, keys: &str, variables: &[(&str, &str)]) -> Service {
    let config = sandbox.tree().join("astlas.toml");
    let rule = r#"{ email = "a@example.org", tenant = "acme", role = "admin" }"#;
    let issuer =
        format!("issuer = \"{ISSUER}\"\njwks_url = \"{keys}\"\naudiences = [\"{AUDIENCE}\"]\nrules = [{rule}]\n");
    fs::write(&config, format!("[identity]\nforge_tenant = \"acme\"\n[[identity.issuers]]\n{issuer}")).unwrap();
    let own = [("ASTLAS_CONFIG", config.to_str().unwrap()), ("ASTLAS_TELEMETRY_LEVEL", "trace")];
    Service::start_with(sandbox, &[&own, variables].concat())
}

/// Asks with a token in each place where somebody might put one; the status where it belongs.
fn ask_everywhere(service: &Service, token: &str) -> u16 {
    let path = format!("/api/v1/repos?access_token={token}");
    service.send("GET", &path, &[("x-api-key", token)], vec![]);
    service.send("GET", "/api/v1/repos", &[("authorization", token), ("cookie", token)], vec![]);
    let body = json!({ "token": token }).to_string().into_bytes();
    service.send("POST", "/api/v1/repomap", &[("proxy-authorization", token)], body);
    ask(service, token, "GET", "/api/v1/repos", vec![]).0
}

/// Tells the service of a commit as the forge does; the job that comes of it, once it is over.
fn push(service: &Service, token: &str, commit: &str, secret: &str) -> Option<Value> {
    let path = service.told_of_push(commit, secret)?;
    let job = || ask(service, token, "GET", &path, vec![]).1;
    Some(until(|| Some(job()).filter(|job| job["state"] == "done" || job["state"] == "failed")))
}

/// The parts of a token that nobody else should see.
fn parts(token: &str) -> impl Iterator<Item = &str> {
    token.split('.').skip(1)
}

/// All that the service says of itself, in its log once it has ended and to those who look after it: none of these is
/// in it.
fn said(service: Service, secrets: &[&str]) -> String {
    let open = ["/health", "/metrics"].map(|path| String::from_utf8(service.get(path).into_body()).unwrap());
    service.tell_to_stop();
    let log = service.ended().1;
    assert!(log.iter().any(|line| line.contains("\"DEBUG\"")), "it says less than it can: {log:?}");
    let said = log.join("\n") + &open.concat();
    for secret in secrets.iter().copied().chain([SECRET, TOKEN, PASSWORD, WRONG]) {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
    said
}

#[test]
fn secrets_that_hold_and_those_that_do_not_are_not_in_the_log() {
    let mut redis = RedisServer::start_with(&["--requirepass", PASSWORD]);
    let cache = format!("redis://:{PASSWORD}@127.0.0.1:{}", redis.port());
    let keys = serve(ANYWHERE, |_, _| ("200 OK", String::new(), OWN.published.to_string().into()));
    let forge = Forge::start(TOKEN);
    forge.push("acme/app", "c1", zip(&[("acme-app-c1/app.py", b"def run(): pass\n")]));
    let sandbox = sandbox();
    let variables = [
        ("ASTLAS_CACHE_URL", cache.as_str()),
        ("ASTLAS_FORGE_API", forge.address()),
        ("ASTLAS_FORGE_TOKEN", TOKEN),
        ("ASTLAS_FORGE_SECRET", SECRET),
    ];
    let service = talkative(&sandbox, &keys, &variables);
    let [good, other] = [0, 1].map(|at| OWN.tokens[at].as_str());
    // The signature of another token.
    let bad = format!("{}.{}", good.rsplit_once('.').unwrap().0, other.rsplit('.').next().unwrap());
    assert_eq!((ask_everywhere(&service, good), ask_everywhere(&service, &bad)), (200, 401));
    assert_eq!(push(&service, good, "c1", SECRET).unwrap()["state"], "done");
    assert_eq!(push(&service, good, "c0", SECRET).unwrap()["state"], "failed", "the forge has no such commit");
    assert!(push(&service, good, "c1", TOKEN).is_none(), "signed with something else");
    redis.kill();
    assert_eq!(ask_everywhere(&service, other), 200);
    let log = said(service, &parts(good).chain(parts(other)).collect::<Vec<_>>());
    for word in ["redis is gone", "not let in", "job"] {
        assert!(log.contains(word), "nothing is said of {word:?}: {log}");
    }
}

#[test]
fn servers_that_refuse_or_are_gone_have_no_secret_told() {
    let redis = RedisServer::start_with(&["--requirepass", PASSWORD]);
    let cache = format!("redis://default:{WRONG}@127.0.0.1:{}", redis.port());
    let sandbox = sandbox();
    let variables = [
        ("ASTLAS_CACHE_URL", cache.as_str()),
        ("ASTLAS_FORGE_API", NOWHERE),
        ("ASTLAS_FORGE_TOKEN", TOKEN),
        ("ASTLAS_FORGE_SECRET", SECRET),
    ];
    let service = talkative(&sandbox, NOWHERE, &variables);
    let token = OWN.tokens[0].as_str();
    assert_eq!(ask_everywhere(&service, token), 503, "its issuer is gone");
    let log = said(service, &parts(token).collect::<Vec<_>>());
    for word in ["the keys of an issuer are out of reach", "uthentication failed"] {
        assert!(log.contains(word), "nothing is said of {word:?}: {log}");
    }

    // A cache that cannot be meant is said without what it holds.
    for url in [format!("redis://:{WRONG}@"), format!("http://:{WRONG}@127.0.0.1"), WRONG.to_owned()] {
        let ended = crate::service::command(&sandbox).arg("serve").env("ASTLAS_CACHE_URL", url).output().unwrap();
        let said = String::from_utf8([ended.stdout, ended.stderr].concat()).unwrap();
        assert!(!ended.status.success() && said.contains("cache.url") && !said.contains(WRONG), "{said}");
    }
}
