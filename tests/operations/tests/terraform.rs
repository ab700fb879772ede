//! What deploy/terraform says of names that the program or another file decides.
#![allow(clippy::panic, clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::collections::{BTreeMap, BTreeSet};

use astlas_test_operations::read;

/// The first text in quotes of each line that begins with this word: `word = "text"`.
fn texts<'a>(file: &'a str, word: &str) -> Vec<&'a str> {
    let behind = |line: &'a str| line.trim().strip_prefix(word)?.trim_start().strip_prefix(['=', ':']);
    file.lines().filter_map(behind).filter_map(|rest| rest.split('"').nth(1)).collect()
}

/// What names of blobs begin with, behind the tenant.
fn prefixes() -> BTreeSet<String> {
    let code = read("components/atlas/src/keys.rs");
    let constants = code.lines().filter(|line| line.starts_with("pub const ") && line.ends_with("/\";"));
    constants.map(|line| line.split('"').nth(1).unwrap().to_owned()).collect()
}

#[test]
fn lifecycles_are_of_names_that_there_are() {
    assert!(read("host/service/src/scope.rs").contains("const SEPARATOR: char = '/';"));
    let (storage, prefixes) = (read("deploy/terraform/storage.tf"), prefixes());
    assert!(prefixes.len() >= 5, "{prefixes:?}");
    let rules: Vec<&str> = storage.lines().filter(|line| line.contains("matches_prefix")).collect();
    assert_eq!(rules.len(), storage.matches("lifecycle_rule {").count(), "a rule without a prefix is for all blobs");
    for rule in rules {
        let (_, of) = rule.split_once("[for tenant in var.tenants : \"${tenant}/").unwrap_or_else(|| panic!("{rule}"));
        let prefix = of.strip_suffix("\"]").unwrap();
        assert!(prefixes.contains(prefix), "{rule}: no blob's name begins like that");
    }
    // Whose the blobs are, if nobody says otherwise.
    let run = read("deploy/terraform/run.tf");
    let tenants = ["ASTLAS_IDENTITY_ANONYMOUS_TENANT", "ASTLAS_IDENTITY_FORGE_TENANT"].map(|it| texts(&run, it));
    assert_eq!(tenants, [["local"], ["local"]]);
    let variables = read("deploy/terraform/variables.tf");
    let (_, of) = variables.split_once("variable \"tenants\" {").unwrap();
    assert!(of.lines().take_while(|line| *line != "}").any(|line| line.trim() == "default     = [\"local\"]"));
}

#[test]
fn commands_of_the_runbook_name_blobs_that_there_are() {
    let (runbook, prefixes) = (read("docs/operations.md"), prefixes());
    let mut addresses = runbook.split("gs://BUCKET/").skip(1).peekable();
    assert!(addresses.peek().is_some());
    for address in addresses {
        let (tenant, rest) = address.split_once('/').unwrap();
        assert!(tenant == "TENANT" && prefixes.iter().any(|prefix| rest.starts_with(prefix)), "{tenant}/{rest}");
    }
}

/// Nobody shows the worker an API key, so it neither reads nor makes any.
#[test]
fn what_the_worker_may_not_do_is_said_of_names_that_there_are() {
    let (accounts, registry) = (read("deploy/terraform/accounts.tf"), read("host/identity/src/registry.rs"));
    let name = |constant: &str| registry.split_once(&format!("const {constant}: &str = \"")).unwrap().1;
    assert!(name("TENANTS").starts_with("_identity/tenants/\"") && name("KEYS").starts_with("_identity/keys/\""));
    assert!(accounts.contains("/objects/_identity/\"\n"), "{accounts}");
    let only: Vec<&str> = accounts.lines().filter_map(|line| line.trim().strip_prefix("only    = ")).collect();
    let expected =
        ["!resource.name.startsWith(${local.identity})", "resource.name.startsWith(${local.identity}tenants/)"];
    assert_eq!(only.iter().map(|it| it.replace(['"', '\\'], "")).collect::<Vec<_>>(), expected);
}

#[test]
fn services_hold_the_secrets_that_they_need_in_both_forms() {
    let secrets = read("deploy/terraform/secrets.tf");
    let mut readers: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
    for line in secrets.lines().filter(|line| line.trim().starts_with("ASTLAS_")) {
        let variable = line.split_whitespace().next().unwrap();
        let mut quoted = line.split('"').skip(1).step_by(2);
        let id = quoted.next().unwrap();
        for reader in quoted {
            readers.entry(reader).or_default().insert(variable.to_owned(), id.to_owned());
        }
    }
    assert_eq!(readers.len(), 2, "{readers:?}");
    for (reader, expected) in readers {
        let file = read(&format!("deploy/cloudrun/{reader}.yaml"));
        let shown = file.split("- name: ").filter(|part| part.contains("secretKeyRef:"));
        let shown = shown.map(|part| (part.lines().next().unwrap().to_owned(), plain(part, "name:")));
        assert_eq!(shown.collect::<BTreeMap<_, _>>(), expected, "{reader}");
        // What comes in is the service's, what is fetched the worker's.
        let has = |variable: &str| expected.contains_key(variable);
        assert_eq!((has("ASTLAS_FORGE_SECRET"), has("ASTLAS_FORGE_TOKEN")), (reader == "service", reader == "worker"));
    }
}

/// What stands behind this word in a line of YAML.
fn plain(part: &str, word: &str) -> String {
    part.lines().find_map(|line| line.trim().strip_prefix(word)).unwrap().trim().to_owned()
}

#[test]
fn rules_about_pubsub_ask_for_subscriptions_that_there_are() {
    let (rules, pubsub) = (read("deploy/monitoring/alerts.yaml"), read("deploy/terraform/pubsub.tf"));
    let subscriptions = pubsub.split("resource \"google_pubsub_subscription\" ").skip(1);
    let names: BTreeSet<&str> = subscriptions.map(|text| texts(text, "name")[0]).collect();
    let asked: BTreeSet<&str> =
        rules.split("subscription_id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(asked, names);
}
