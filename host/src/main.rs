//! `astlas`: the command line. One file for each command in `cli/`; what a command needs to run comes from `session`.

mod artifacts;
mod cache;
mod cli;
mod files;
mod hidden;
mod output;
mod place;
mod progress;
mod revision;
mod session;
mod skipped;
mod warner;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    match cli::run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => ExitCode::from(complain(error)),
    }
}

/// Says what went wrong, one line for each thing, and returns the exit code.
fn complain(error: anyhow::Error) -> u8 {
    let errors = match error.downcast::<cli::Several>() {
        Ok(cli::Several(errors)) => errors,
        Err(error) => vec![error],
    };
    for error in &errors {
        let text = output::plain(&format!("{error:#}"));
        anstream::eprintln!("{}error:{} {text}", output::ERROR.render(), output::ERROR.render_reset());
    }
    if errors.iter().any(|error| error.is::<cli::Usage>()) { 2 } else { 1 }
}
