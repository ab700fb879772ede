//! What hosts read of others: diffs, credentials, records, answers of a Redis, headers.

use astlas_conventions::{News, form};
use serde_json::json;

use crate::{
    folder::WRITTEN,
    repository::FILES,
    signer::{AUDIENCE, ISSUER, OWN},
    targets::{KEY, SECRET, VALUE, records as kept_records},
};

/// Milliseconds since 1970: the first of January 2026.
const NOW: u64 = 1_767_225_600_000;

/// With a first byte.
fn with(first: u8, rest: impl AsRef<[u8]>) -> Vec<u8> {
    [&[first], rest.as_ref()].concat()
}

/// Diffs of the small repository, as several tools write them, and what files held before and after.
pub fn patches() -> Vec<Vec<u8>> {
    let (_, tools) = FILES[1];
    let old = tools.replace("# lower", "# upper").replace("other", "another");
    let hunks = |a: &str, b: &str| {
        let mut options = diffy::DiffOptions::new();
        options.set_original_filename(a.to_owned()).set_modified_filename(b.to_owned());
        options.create_patch(&old, tools).to_string()
    };
    let plain = hunks("a/app/tools.py", "b/app/tools.py");
    let git = format!("diff --git a/app/tools.py b/app/tools.py\nindex 0123456..789abcd 100644\n{plain}");
    let renamed = hunks("a/app/old.py", "b/app/tools.py");
    let renamed = format!(
        "diff --git a/app/old.py b/app/tools.py\nsimilarity index 80%\nrename from app/old.py\n\
         rename to app/tools.py\n{renamed}"
    );
    let moved =
        "diff --git a/x.py b/link/secret.py\nsimilarity index 100%\nrename from x.py\nrename to link/secret.py\n";
    let copied =
        "diff --git a/app/main.py b/app/tools.py\nsimilarity index 100%\ncopy from app/main.py\ncopy to app/tools.py\n";
    let deleted = "diff --git a/gone.py b/gone.py\ndeleted file mode 100644\n--- a/gone.py\n+++ /dev/null\n\
                   @@ -1,2 +0,0 @@\n-def gone():\n-    return 1\n";
    let added = "diff --git a/tests/test_main.py b/tests/test_main.py\nnew file mode 100644\n--- /dev/null\n\
                 +++ b/tests/test_main.py\n@@ -0,0 +1,4 @@\n+from app.main import Main\n+\n+def test_main():\n\
                 +    assert Main().run('A') == 'a'\n";
    let binary = "diff --git a/app/main.py b/app/main.py\nindex 0..1 100644\n\
                  Binary files a/app/main.py and b/app/main.py differ\n";
    let outside = "--- a/../outside/secret.py\n+++ b/../outside/secret.py\n@@ -1 +1 @@\n-x\n+def nobodys(): pass\n";
    let below = hunks("tools.py", "tools.py");
    let diffs = [&git, &plain, &renamed, moved, copied, deleted, added, binary, outside, &below];
    let several = [git.as_str(), deleted, added, binary].concat();
    let diffs = diffs.into_iter().chain([several.as_str()]);
    let written = format!("--- a/{WRITTEN}\n+++ b/{WRITTEN}\n");
    let sides =
        [(old.as_str(), tools), ("", tools), ("one", "one\n"), (&written, "-- x\n++ y"), ("a\r\nb\r\n", "a\nb\r\n")];
    let sides = sides.map(|(old, new)| [b"\x02", old.as_bytes(), b"\xff", new.as_bytes()].concat());
    diffs.flat_map(|diff| [with(0, diff), with(1, diff)]).chain(sides).collect()
}

/// What an issuer answers: its keys, where they are, how long they may be kept.
pub fn issuers() -> Vec<Vec<u8>> {
    let discovered = |address: &str| json!({"issuer": ISSUER, "jwks_uri": address}).to_string();
    let mut alone = OWN.published.clone();
    alone["keys"].as_array_mut().unwrap().rotate_left(1);
    alone["keys"].as_array_mut().unwrap().truncate(1);
    vec![
        with(0, OWN.published.to_string()),
        with(0, alone.to_string()),
        with(1, discovered("https://issuer.example.org/keys")),
        with(1, discovered("http://127.0.0.1:1/keys?a#b")),
        with(1, discovered("https://me:word@issuer.example.org/")),
        with(2, "public, max-age=22222, must-revalidate, no-transform"),
        with(2, "No-Store, max-age=\"7\""),
    ]
}

/// Credentials: tokens that hold, one that says it is not signed, one signed with what is public, a key.
pub fn tokens() -> Vec<Vec<u8>> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let claims = json!({"iss": ISSUER, "aud": [AUDIENCE], "sub": "2", "exp": 4_102_444_800_u64, "nbf": 1});
    let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
    let header = |header: serde_json::Value| format!("{}.{claims}", URL_SAFE_NO_PAD.encode(header.to_string()));
    let none = header(json!({"alg": "none", "kid": "rsa"})) + ".";
    let shared = header(json!({"alg": "HS256", "kid": "rsa", "typ": "JWT"}));
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &OWN.public[0]);
    let signature = URL_SAFE_NO_PAD.encode(ring::hmac::sign(&key, shared.as_bytes()));
    let critical = header(json!({"alg": "EdDSA", "kid": "ed", "crit": ["b64"], "b64": false})) + ".AAAA";
    let made = [none, format!("{shared}.{signature}"), critical, KEY.to_owned()];
    OWN.tokens.iter().cloned().chain(made).map(String::into_bytes).collect()
}

/// Records: as they are, and as they are when they are over.
pub fn records() -> Vec<Vec<u8>> {
    let [key, tenant] = kept_records();
    let (mut revoked, mut expired, mut disabled) = (key.clone(), key.clone(), tenant.clone());
    revoked["key"]["revoked"] = 2.into();
    expired["key"]["expires"] = 2.into();
    disabled["disabled"] = 2.into();
    let of_key = [key, revoked, expired].map(|record| with(0, record.to_string()));
    of_key.into_iter().chain([tenant, disabled].map(|record| with(1, record.to_string()))).collect()
}

/// Answers of Redis's scripts: whether a request may pass, and ledgers.
pub fn counters() -> Vec<Vec<u8>> {
    let numbers = |numbers: &[i64]| {
        let lines: String = numbers.iter().map(|number| format!(":{number}\r\n")).collect();
        format!("*{}\r\n{lines}", numbers.len())
    };
    let decision = |is_allowed: i64, limits: usize, wait: i64| {
        let limits = [wait, 5, 1_000].repeat(limits);
        numbers(&[vec![is_allowed, NOW.cast_signed()], limits].concat())
    };
    let ledger = |numbers: [f64; 12]| {
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        [format!("*2\r\n:{NOW}\r\n$96\r\n").as_bytes(), &bytes, b"\r\n"].concat()
    };
    let month = f64::from(2025 * 12 + 10);
    let used = [20_454.0, 3.0, 700.0, month, 9.0, 900.0, 1e18, 8.0, 800.0, 1e15, 4096.0, NOW as f64];
    vec![
        with(0, decision(1, 8, 0)),
        with(0, decision(0, 8, 700)),
        with(1, decision(0, 7, -1)),
        with(1, decision(1, 7, 0)),
        with(2, ledger(used)),
        with(2, ledger([f64::NAN; 12])),
        with(0, "-NOSCRIPT No matching script\r\n"),
        with(2, "*2\r\n:1\r\n$-1\r\n"),
    ]
}

/// Values as they look in Redis, under their checksum and as they are; what instances tell each other.
pub fn kept() -> Vec<Vec<u8>> {
    let news = |news: News| with(2, &news.encode()[8..]);
    let long: Vec<u8> = (0..=255).cycle().take(9_000).collect();
    // The form, and what follows the checksum.
    let fitting = |value: &[u8]| {
        let kept = form::encode(VALUE, value);
        [&[1, kept[0]], &kept[9..]].concat()
    };
    vec![
        with(0, form::encode(VALUE, b"short")),
        with(0, form::encode(VALUE, &long)),
        fitting(b"short"),
        fitting(&long),
        news(News::Forgotten(vec!["graph:1".into(), "map:\u{e9}".into()])),
        news(News::Settled(vec![])),
    ]
}

/// Headers: where in a trace a request stands, and what it is called.
pub fn traces() -> Vec<Vec<u8>> {
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let later = "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff-what-the-future-says";
    [format!("{parent}\nmine-1"), format!("{later}\nb5:/+=@"), format!("\n{}", "a".repeat(128))].map(Into::into).into()
}

/// Pushes: as the queue makes them, and as others do.
pub fn pushes() -> Vec<Vec<u8>> {
    let message = json!({"data": "e30=", "messageId": "1", "attributes": {"tenant": "acme", "crc32c": "AAAA"}});
    let whole = json!({"message": message, "subscription": "projects/p/subscriptions/s", "deliveryAttempt": 3});
    let given_up = json!({"message": {}, "given_up": {"why": "x", "is_free": false}});
    [whole, given_up, json!({"message": {"attributes": {}}}), json!([[[{"tenant": "acme"}]]])]
        .map(|push| push.to_string().into())
        .into()
}

/// Signatures of the forge, and names of commits to ask it for.
pub fn forges() -> Vec<Vec<u8>> {
    let body = br#"{"ref":"refs/heads/main"}"#;
    let signed = ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes()), body);
    let digits: String = signed.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let names = ["acme/app\n0123abc", "acme/app\n../../x", "acme/a b\n?x#y", "acme\nv1.0/%2e%2e"];
    let signature = [format!("sha256={digits}\n").as_bytes(), body].concat();
    names.iter().map(|names| with(1, names)).chain([with(0, signature)]).collect()
}
