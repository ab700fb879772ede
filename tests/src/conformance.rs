//! The conformance run, as a test has it.

use astlas_conformance::{Options, Outcome, run};

/// Compares a service with the goldens. How many cases were left out.
pub fn conforms(options: &Options) -> usize {
    let report = run(options).unwrap();
    let wrong: Vec<String> = report.wrong().map(ToString::to_string).collect();
    assert!(wrong.is_empty(), "{report}\n{}", wrong.join("\n"));
    assert!(report.cases.len() > 60, "{report}");
    report.cases.iter().filter(|case| matches!(case.outcome, Outcome::LeftOut(_))).count()
}
