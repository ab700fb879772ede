//! The alert rules, as `deploy/prometheus/alerts.yaml` is written: promtool reads it as YAML, this by its indentation.

use super::read;

/// An alert.
#[derive(Debug)]
pub struct Rule {
    /// What it is called.
    pub name: String,
    /// When it fires.
    pub query: String,
    /// Where to read about it: a path in the repository, with the heading.
    pub runbook: String,
}

/// Every alert.
pub fn rules() -> Vec<Rule> {
    let text = read("deploy/prometheus/alerts.yaml");
    text.split("\n      - alert: ").skip(1).map(rule).collect()
}

fn rule(text: &str) -> Rule {
    let name = text.lines().next().unwrap().trim().to_owned();
    let query = text.split_once("\n        expr: ").unwrap_or_else(|| panic!("{name} has no expr")).1;
    // It ends where a line stands no deeper than `expr`.
    let lines = query.lines().enumerate().take_while(|(at, line)| *at == 0 || line.starts_with("          "));
    let query = lines.map(|(_, line)| line.trim().trim_start_matches('|')).collect::<Vec<_>>().join("\n");
    let runbook = text.split_once("runbook_url: ").unwrap_or_else(|| panic!("{name} has no runbook_url")).1;
    Rule { name, query, runbook: runbook.lines().next().unwrap().trim().to_owned() }
}
