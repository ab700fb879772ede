//! The commands. Arguments are documented where they are declared: `--help` and the completions are made from that.

mod cache;
mod change;
mod communities;
mod completions;
mod context;
mod cycles;
mod deps;
mod doctor;
mod index;
mod jobs;
mod map;
mod rank;
mod service;
mod symbols;
mod tags;
mod tenants;

use std::path::PathBuf;

use anyhow::Result;
use clap::{
    ArgAction, Args, Parser, Subcommand, ValueEnum, ValueHint,
    builder::{OsStringValueParser, TypedValueParser},
};

/// A mistake in how the command was called; the program exits with 2.
#[derive(Debug)]
pub struct Usage(pub String);

impl std::fmt::Display for Usage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// What went wrong with some of the things asked for; the others were printed.
#[derive(Debug)]
pub struct Several(pub Vec<anyhow::Error>);

impl std::fmt::Display for Several {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lines: Vec<String> = self.0.iter().map(|error| format!("{error:#}")).collect();
        formatter.write_str(&lines.join("; "))
    }
}

impl std::error::Error for Several {}

/// An atlas of a codebase for machines that read code: what is defined where, who uses it, and what matters for a
/// change, inside a token budget.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, arg_required_else_help = true)]
pub struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub struct Global {
    /// Keep the cache in this folder instead of the user's cache folder
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "ASTLAS_CACHE_DIR",
        value_parser = OsStringValueParser::new().map(PathBuf::from),
        value_hint = ValueHint::DirPath,
        help_heading = "Global options"
    )]
    pub cache_dir: Option<PathBuf>,
    /// Remember nothing between runs
    #[arg(long, global = true, help_heading = "Global options")]
    pub no_cache: bool,
    /// Size of the cache in MiB; what was not used for longest goes first
    #[arg(
        long,
        global = true,
        value_name = "MIB",
        default_value_t = CACHE_LIMIT,
        env = "ASTLAS_CACHE_LIMIT",
        value_parser = mebibytes,
        allow_negative_numbers = true,
        help_heading = "Global options"
    )]
    pub cache_limit: u64,
    /// Add the languages of this component; may be given several times
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        action = ArgAction::Append,
        value_parser = OsStringValueParser::new().map(PathBuf::from),
        value_hint = ValueHint::FilePath,
        help_heading = "Global options"
    )]
    pub language_component: Vec<PathBuf>,
    /// Print results and errors only
    #[arg(long, short, global = true, help_heading = "Global options")]
    pub quiet: bool,
    /// Say more on stderr
    #[arg(long, short, global = true, conflicts_with = "quiet", help_heading = "Global options")]
    pub verbose: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Global options")]
    pub color: Color,
}

/// Size of the cache unless another one is given, in MiB.
const CACHE_LIMIT: u64 = 1024;

fn mebibytes(text: &str) -> Result<u64, String> {
    // An empty value is that of a variable which is set to nothing: as good as none.
    if text.is_empty() {
        return Ok(CACHE_LIMIT);
    }
    text.parse().map_err(|_| "give a whole number of MiB, 0 or more".into())
}

/// When to use colour.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// For programs
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print a map of a folder: the definitions that matter most, inside a token budget
    Map(map::Arguments),
    /// Rank the files of a folder, for a context if one is given
    Rank(rank::Arguments),
    /// Print the definitions and references in files
    Tags(tags::Arguments),
    /// Print what a reviewer of a change needs: what it touches, who uses that, its tests, what is missing
    Context(context::Arguments),
    /// Print the files that a file uses, or that use it
    Deps(deps::Arguments),
    /// Find definitions by name
    Symbols(symbols::Arguments),
    /// Print groups of files that are tied to each other more than to the rest
    Communities(communities::Arguments),
    /// Print groups of files that use each other, directly or over others
    Cycles(cycles::Arguments),
    /// Index a folder and say what it took
    Index(index::Arguments),
    /// Serve what the other commands do over HTTP: archives come in, agents ask
    Serve(service::Serve),
    /// Work on the index jobs that a Pub/Sub subscription hands out
    Worker(service::Worker),
    /// Forget commits that were indexed long ago, but those of pinned repositories
    Sweep(service::Sweep),
    /// List the index jobs of the service, cancel them, or have them done after all
    Jobs(jobs::Arguments),
    /// Look after the tenants of the service and their API keys
    Tenants(tenants::Arguments),
    /// Show what is built in, configured and reachable
    Doctor(doctor::Arguments),
    /// Show or empty the cache
    Cache(cache::Arguments),
    /// Print a completion script for a shell
    Completions(completions::Arguments),
}

/// Runs a command.
pub fn run(arguments: Arguments) -> Result<()> {
    match arguments.global.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    let global = &arguments.global;
    match arguments.command {
        Command::Map(arguments) => map::run(&arguments, global),
        Command::Rank(arguments) => rank::run(&arguments, global),
        Command::Context(arguments) => context::run(&arguments, global),
        Command::Tags(arguments) => tags::run(&arguments, global),
        Command::Deps(arguments) => deps::run(&arguments, global),
        Command::Serve(arguments) => service::serve(&arguments, global),
        Command::Worker(arguments) => service::work(&arguments, global),
        Command::Sweep(arguments) => service::sweep(&arguments, global),
        Command::Jobs(arguments) => jobs::run(&arguments, global),
        Command::Tenants(arguments) => tenants::run(&arguments, global),
        Command::Symbols(arguments) => symbols::run(&arguments, global),
        Command::Communities(arguments) => communities::run(&arguments, global),
        Command::Cycles(arguments) => cycles::run(&arguments, global),
        Command::Index(arguments) => index::run(&arguments, global),
        Command::Doctor(arguments) => doctor::run(&arguments, global),
        Command::Cache(arguments) => cache::run(&arguments, global),
        Command::Completions(arguments) => completions::run(&arguments),
    }
}
