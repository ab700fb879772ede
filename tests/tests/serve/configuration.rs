//! The configuration: file, environment, flags, and what is wrong with them.

use std::fs;

use astlas_tests::{Ended, Sandbox, ended};

use crate::service::{command, sandbox};

const SECTIONS: [&str; 10] =
    ["cache", "blobs", "events", "forge", "http", "functions", "identity", "limits", "gate", "telemetry"];

fn serve(sandbox: &Sandbox, arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
    ended(command(sandbox).arg("serve").args(arguments).envs(variables.iter().copied()).output().unwrap())
}

fn documented() -> String {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/astlas.toml")).unwrap()
}

#[test]
fn flags_are_over_variables_over_the_file() {
    let sandbox = sandbox();
    sandbox.write(
        "astlas.toml",
        b"listen = \"127.0.0.1:1\"\n[http]\ngrace = 3\ntime_limit = 4\n[forge]\nsecret = \"s3cret\"\n",
    );
    let variables = [("ASTLAS_CONFIG", "astlas.toml"), ("ASTLAS_HTTP_GRACE", "5"), ("PORT", "6")];
    let shown = serve(&sandbox, &["--check-config", "--blobs", "/blobs"], &variables).ok();
    for line in ["listen = \"0.0.0.0:6\"", "grace = 5", "time_limit = 4", "job_limit = 900", "folder = \"/blobs\""] {
        assert!(shown.lines().any(|found| found == line), "{line}: {shown}");
    }
    assert!(shown.contains("secret = \"(hidden)\"") && !shown.contains("s3cret"));
    let shown = serve(&sandbox, &["--check-config", "--listen", "127.0.0.1:7"], &variables).ok();
    assert!(shown.contains("listen = \"127.0.0.1:7\""));
}

#[test]
fn what_is_wrong_stops_the_start_and_says_where() {
    let sandbox = sandbox();
    sandbox.write("wrong.toml", b"[http]\ngrce = 3\n");
    let error = serve(&sandbox, &["--config", "wrong.toml"], &[]).error(2);
    assert!(error.contains("wrong.toml: http.grce: unknown field") && error.contains("`grace`"), "{error}");
    let error = serve(&sandbox, &["--config", "none.toml"], &[]).error(2);
    assert!(error.contains("none.toml"), "{error}");
    let error = serve(&sandbox, &[], &[("ASTLAS_HTTP_GRACE", "soon")]).error(2);
    assert!(error.contains("ASTLAS_HTTP_GRACE: http.grace: expected a whole number"), "{error}");
    let error = serve(&sandbox, &[], &[("ASTLAS_CACHE_COLOUR", "red")]).error(2);
    assert!(error.contains("ASTLAS_CACHE_COLOUR: cache.colour: unknown field"), "{error}");
    serve(&sandbox, &["--listen", "nowhere"], &[]).error(2);
    let rules = r#"rules = [{ name = "all", routes = ["querys"], limit = 2, window = 60 }]"#;
    sandbox.write("routes.toml", format!("[limits.plans.free]\n{rules}\n").as_bytes());
    let error = serve(&sandbox, &["--config", "routes.toml", "--listen", "127.0.0.1:0"], &[]).error(1);
    assert!(error.contains("called querys; there are query, parse, index, admin"), "{error}");
    sandbox.write("tenants.toml", b"[limits.plans.free]\n[limits.tenants]\nAcme = \"free\"\n");
    let error = serve(&sandbox, &["--config", "tenants.toml", "--check-config"], &[]).error(2);
    assert!(error.contains("tenants.toml: limits.tenants.Acme: \"Acme\" is no name of a tenant"), "{error}");
    let small = [("ASTLAS_FUNCTIONS_INSTANCE_MEMORY", "10")];
    let error = serve(&sandbox, &["--listen", "127.0.0.1:0"], &small).error(1);
    assert!(error.contains("functions.instance_memory: 10 bytes"), "{error}");
    let error = serve(&sandbox, &["--no-cache"], &[]).error(2);
    assert!(error.contains("--no-cache"), "{error}");
}

#[test]
fn what_is_checked_is_what_would_start() {
    let sandbox = sandbox();
    let issuer = |rest: &str| format!("[[identity.issuers]]\naudiences = [\"a\"]\n{rest}\n");
    let rules = r#"rules = [{ subject = "me", tenant = "acme", role = "read" }]"#;
    for (file, why) in [
        ("[limits.tenants]\nacme = \"gold\"\n".to_owned(), "limits.tenants: no plan is called gold"),
        ("[limits]\nplan = \"gold\"\n".into(), "limits.plan: no plan is called gold"),
        ("[limits]\ntimeout = 0\n".into(), "limits.timeout: 0 ms"),
        (
            "[limits.plans.a]\nrules = [{ name = \"r\", routes = [\"querys\"], limit = 1, window = 1 }]\n".into(),
            "querys",
        ),
        (issuer(&format!("issuer = \"nowhere\"\n{rules}")), "\"nowhere\" is no address of HTTPS"),
        (issuer(&format!("issuer = \"https://me:hush@a.example\"\n{rules}")), "\"https://(hidden)@a.example\" is no"),
        (issuer("issuer = \"https://a.example\""), "has no rules"),
        ("[gate]\nplaces = 0\n".into(), "gate.places: without a place"),
        ("[gate]\nplaces = 65\n".into(), "gate.places: 65 is more"),
        ("[gate]\ntenant_waiting = 1001\n".into(), "gate.tenant_waiting"),
        ("[cache]\nurl = \"http://:hush@localhost\"\n".into(), "cache.url"),
        ("[cache]\nurl = \"redis://localhost\"\ntimeout = 0\n".into(), "cache.timeout"),
        ("[blobs]\nbucket = \"a\"\nfolder = \"b\"\n".into(), "blobs.folder"),
        ("[events]\ntopic = \"jobs\"\n".into(), "events.project"),
        ("[forge]\napi = \"me:hush@forge\"\n".into(), "forge.api"),
        ("[functions]\ninstance_memory = 10\n".into(), "functions.instance_memory"),
        ("[telemetry]\notlp_endpoint = \"no address\"\n".into(), "telemetry.otlp_endpoint"),
    ] {
        sandbox.write("wrong.toml", file.as_bytes());
        let arguments = ["--config", "wrong.toml", "--listen", "127.0.0.1:0"];
        let checked = serve(&sandbox, &[&arguments[..], &["--check-config"]].concat(), &[]).error(1);
        assert!(checked.contains(why) && !checked.contains("hush"), "{file}: {checked}");
        assert_eq!(serve(&sandbox, &arguments, &[]).error(1), checked, "{file}");
    }
    // One that would start shows no password, wherever it stands.
    let right = issuer(&format!("issuer = \"https://a.example\"\n{rules}"));
    let origins = "[http]\ncors_origins = [\"https://a.example\"]\n";
    let otlp = "[telemetry]\notlp_endpoint = \"http://me:hush@127.0.0.1:1\"\n";
    sandbox.write("right.toml", format!("{origins}{otlp}{right}").as_bytes());
    let shown = serve(&sandbox, &["--config", "right.toml", "--check-config"], &[]).ok();
    assert!(shown.contains("http://(hidden)@127.0.0.1:1") && !shown.contains("hush"), "{shown}");
}

#[test]
fn the_documented_file_has_every_setting() {
    let sandbox = sandbox();
    let file = documented();
    sandbox.write("astlas.toml", file.as_bytes());
    serve(&sandbox, &["--config", "astlas.toml", "--check-config"], &[]).ok();
    for section in SECTIONS {
        // What an unknown setting is answered with are the known ones.
        let variable = format!("ASTLAS_{}_ZZZ", section.to_uppercase());
        let error = serve(&sandbox, &[], &[(variable.as_str(), "1")]).error(2);
        let known: Vec<&str> = error.split("expected ").nth(1).unwrap().split('`').skip(1).step_by(2).collect();
        assert!(!known.is_empty(), "{error}");
        let start = file.find(&format!("\n[{section}]\n")).unwrap() + 1;
        let part = file[start..].split("\n[").next().unwrap();
        for setting in known {
            let has = |line: &str| line.trim_start_matches("# ").starts_with(&format!("{setting} = "));
            let is_table = file.contains(&format!("[{section}.{setting}"));
            assert!(is_table || part.lines().any(has), "{section}.{setting}");
        }
    }
}
