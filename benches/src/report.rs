//! Tables in Markdown, on standard output; progress goes to standard error.

use std::{fs, thread};

use crate::measure::Runs;

/// What the figures were taken on.
pub fn machine() {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let model = fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("model name"))?;
            line.split_once(": ").map(|(_, model)| model.to_owned())
        })
        .unwrap_or_else(|| std::env::consts::ARCH.into());
    println!("Machine: {cores} cores, {model}.\n");
}

/// A heading and the head of a table.
pub fn table(title: &str, columns: &[&str]) {
    println!("\n### {title}\n\n| {} |", columns.join(" | "));
    println!(
        "|{}",
        columns.iter().enumerate().map(|(at, _)| if at == 0 { " --- |" } else { " ---: |" }).collect::<String>()
    );
}

/// A row of the table.
pub fn row(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}

/// `median (smallest–largest)` in a unit, `scale` of which make one of the figures' own.
pub fn runs(runs: &Runs, scale: f64, unit: &str) -> String {
    let (least, most) = runs.range();
    format!("{} ({}–{}) {unit}", short(runs.median() * scale), short(least * scale), short(most * scale))
}

/// Three digits that count.
pub fn short(value: f64) -> String {
    let decimals = match value.abs() {
        value if value >= 100.0 => 0,
        value if value >= 10.0 => 1,
        value if value >= 1.0 => 2,
        _ => 3,
    };
    format!("{value:.decimals$}")
}
