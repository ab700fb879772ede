//! Every alert fires when it should, and says where to read what to do.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use astlas_test_operations::{path, promtool, read, rules};

#[test]
fn alerts_fire_and_do_not_fire_as_their_cases_say() {
    let folder = path("deploy/prometheus");
    // With the rules that it names.
    promtool(&folder, &["check", "config", "prometheus.yaml"]);
    promtool(&folder, &["test", "rules", "alerts.test.yaml"]);
}

#[test]
fn every_alert_has_a_case_of_both_kinds() {
    let cases = read("deploy/prometheus/alerts.test.yaml");
    let rules = rules();
    assert!(rules.len() >= 10, "{rules:?}");
    for rule in rules {
        let fires = format!("\n      - alertname: {}\n", rule.name);
        assert!(cases.contains(&fires), "{} never fires in a case", rule.name);
        let silent = format!("- {{alertname: {}, ", rule.name);
        let silent = cases.lines().any(|line| line.contains(&silent) && line.ends_with("exp_alerts: []}"));
        assert!(silent, "{} is never silent in a case", rule.name);
    }
}

#[test]
fn every_alert_has_a_section_in_the_runbook() {
    for rule in rules() {
        let (document, anchor) = rule.runbook.split_once('#').unwrap();
        let text = read(document);
        let headings = text.lines().filter_map(|line| line.strip_prefix("### "));
        let found = headings.filter(|heading| heading.to_lowercase() == anchor && *heading == rule.name).count();
        assert_eq!(found, 1, "{}: {document} has no heading of that name", rule.name);
    }
}

#[test]
fn policies_beside_the_rules_have_sections_too() {
    let (policies, runbook) = (read("deploy/terraform/monitoring.tf"), read("docs/operations.md"));
    let words = policies.split(|it: char| !it.is_ascii_alphanumeric()).filter(|word| word.len() > 6);
    let mut names: Vec<&str> = words.filter(|word| word.starts_with("Astlas")).collect();
    names.sort_unstable();
    names.dedup();
    assert!(names.len() >= 3, "{names:?}");
    for name in names {
        assert!(runbook.contains(&format!("\n### {name}\n")), "docs/operations.md has no section {name}");
    }
}
