//! Compares the classic profile with ranks that NetworkX worked out, on cases too large to keep.
//!
//!     tests/networkx/reference.py < cases.jsonl > ranks.jsonl
//!     cargo run --release -p astlas-ranker --example compare -- cases.jsonl ranks.jsonl
//!
//! Prints the greatest difference of each case and fails where one is not below 1e-9.

#![expect(clippy::expect_used, reason = "what is read here was made for it")]

use std::process::ExitCode;

#[path = "../tests/ranks/cases.rs"]
mod cases;

const TOLERANCE: f64 = 1e-9;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [cases, ranks] = arguments.as_slice() else {
        eprintln!("usage: compare CASES RANKS");
        return ExitCode::from(2);
    };
    let read = |path: &str| std::fs::read_to_string(path).expect("a file that can be read");
    let mut equal = true;
    for (case, reference) in cases::read(&read(cases), &read(ranks)) {
        let difference = case.difference(&reference);
        println!("{} files: {difference:e}", case.files.len());
        equal &= difference < TOLERANCE;
    }
    if equal { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
