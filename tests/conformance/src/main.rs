//! `cargo xtask conformance`.

use std::{env, io, process::ExitCode};

fn main() -> ExitCode {
    ExitCode::from(astlas_conformance::command(env::args_os(), &mut io::stdout(), &mut io::stderr()))
}
