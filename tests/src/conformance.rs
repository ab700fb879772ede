//! The conformance run, as a test has it.

use astlas_conformance::{Options, Outcome, run};

/// Fewest cases that a service is compared with.
const COMPARED: usize = 65;

/// Compares a service with the goldens. How many cases were left out.
#[must_use = "what is left out is not compared"]
pub fn conforms(options: &Options) -> usize {
    let report = run(options).unwrap();
    let wrong: Vec<String> = report.wrong().map(ToString::to_string).collect();
    assert!(wrong.is_empty(), "{report}\n{}", wrong.join("\n"));
    let left_out = report.cases.iter().filter(|case| matches!(case.outcome, Outcome::LeftOut(_))).count();
    assert!(report.cases.len() - left_out >= COMPARED, "{report}");
    left_out
}
