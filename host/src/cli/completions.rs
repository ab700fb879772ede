//! `astlas completions`

use anyhow::Result;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::output;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The shell
    shell: Shell,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    let mut script = vec![];
    clap_complete::generate(arguments.shell, &mut super::Arguments::command(), "astlas", &mut script);
    output::print(&String::from_utf8_lossy(&script))
}
