//! The alert rules, as they are written in `deploy/`: promtool reads them as YAML, this by their indentation.

use super::read;

/// Folders that have rules (`alerts.yaml`) and their cases (`alerts.test.yaml`).
pub const RULES: [&str; 2] = ["deploy/prometheus", "deploy/monitoring"];

/// An alert.
#[derive(Debug)]
pub struct Rule {
    /// What it is called.
    pub name: String,
    /// When it fires.
    pub query: String,
    /// Where to read about it: a path in the repository, with the heading.
    pub runbook: String,
    /// The folder that it is in: one of [`RULES`].
    pub folder: &'static str,
    /// All of it, as it is written.
    pub text: String,
}

/// Every alert.
pub fn rules() -> Vec<Rule> {
    let of = |folder: &'static str| {
        let text = read(&format!("{folder}/alerts.yaml"));
        text.split("\n      - alert: ").skip(1).map(|text| rule(folder, text)).collect::<Vec<_>>()
    };
    RULES.into_iter().flat_map(of).collect()
}

fn rule(folder: &'static str, text: &str) -> Rule {
    let name = text.lines().next().unwrap().trim().to_owned();
    let query = text.split_once("\n        expr: ").unwrap_or_else(|| panic!("{name} has no expr")).1;
    // It ends where a line stands no deeper than `expr`.
    let lines = query.lines().enumerate().take_while(|(at, line)| *at == 0 || line.starts_with("          "));
    let query = lines.map(|(_, line)| line.trim().trim_start_matches('|')).collect::<Vec<_>>().join("\n");
    let runbook = text.split_once("runbook_url: ").unwrap_or_else(|| panic!("{name} has no runbook_url")).1;
    let runbook = runbook.lines().next().unwrap().trim().to_owned();
    Rule { name, query, runbook, folder, text: text.to_owned() }
}
