//! Conformance: a running service, of whichever host, is driven through its public interface, and what it answers is
//! compared with goldens. Sources go in as archives, are indexed, and every operation is asked, well and badly. What
//! differs from run to run is named in `rules.rs`, and nothing else is left out of the comparison.

mod archive;
mod case;
mod cases;
mod client;
mod command;
mod corpus;
mod difference;
mod golden;
mod operation;
mod report;
mod rules;
mod run;
mod talk;
mod view;

pub use case::Feature;
pub use command::command;
pub use difference::Difference;
pub use report::{CaseReport, Outcome, Report};
pub use run::{Options, RunError, names, run, run_and_tell};
