//! The example prints what the program prints, run as its README says.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::process::Command;

use astlas_tests::{Sandbox, ended, example};

#[test]
fn a_program_of_ones_own_prints_the_map_that_astlas_prints() {
    let (command, folder) = example("rust");
    let arguments = command.strip_prefix("../../target/release/astlas-example ").unwrap();
    let arguments: Vec<&str> = arguments.split(' ').collect();
    let mut program = Command::new(env!("CARGO_BIN_EXE_astlas-example"));
    let printed = ended(program.args(&arguments).current_dir(&folder).output().unwrap());
    let tree = folder.join(arguments.last().unwrap());
    assert_eq!(printed.ok(), Sandbox::with(&[]).run_on(&tree, "map", &["--no-history"]).ok());
}
