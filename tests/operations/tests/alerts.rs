//! Every alert fires when it should, and says where to read what to do.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::fs;

use astlas_test_operations::{RULES, judge, mutants, path, promtool, read, rules};

#[test]
fn alerts_fire_and_do_not_fire_as_their_cases_say() {
    // With the rules that it names.
    promtool(&path("deploy/prometheus"), &["check", "config", "prometheus.yaml"]);
    for folder in RULES {
        promtool(&path(folder), &["test", "rules", "alerts.test.yaml"]);
    }
}

/// That cases hold says little: they have to fail if a number is another one.
#[test]
fn cases_notice_when_a_number_of_a_rule_changes_a_little() {
    let folder = tempfile::tempdir().unwrap();
    let (mut tried, mut unnoticed) = (0, vec![]);
    for rule in rules() {
        let cases = read(&format!("{}/alerts.test.yaml", rule.folder));
        let own = format!("alertname: {}", rule.name);
        let is_own = |case: &&str| case.split(['\n', ',']).any(|part| part.trim_start_matches([' ', '-', '{']) == own);
        let mut parts = cases.split("\n  - name: ");
        let head = parts.next().unwrap().to_owned();
        let cases = parts.filter(is_own).fold(head, |head, case| head + "\n  - name: " + case);
        fs::write(folder.path().join("cases.yaml"), cases + "\n").unwrap();
        for mutant in mutants(&rule) {
            let text = format!("groups:\n  - name: one\n    rules:\n      - alert: {}\n", mutant.text);
            fs::write(folder.path().join("alerts.yaml"), text).unwrap();
            match judge(folder.path(), &["test", "rules", "cases.yaml"]) {
                Ok(()) => unnoticed.push(format!("{}: {}", rule.name, mutant.change)),
                // It has to be a case that fails, not the form of the rule.
                Err(said) => assert!(said.contains("got:"), "{}: {}: {said}", rule.name, mutant.change),
            }
            tried += 1;
        }
    }
    assert!(tried > 60, "{tried}");
    assert_eq!(unnoticed, Vec::<String>::new());
}

#[test]
fn every_alert_has_a_case_of_both_kinds() {
    let rules = rules();
    assert!(rules.len() >= 12, "{rules:?}");
    for rule in rules {
        let cases = read(&format!("{}/alerts.test.yaml", rule.folder));
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
    assert!(names.len() >= 2, "{names:?}");
    for name in names {
        assert!(runbook.contains(&format!("\n### {name}\n")), "docs/operations.md has no section {name}");
    }
}
