//! `cargo xtask bench`: measures, and prints tables in Markdown.
//!
//! Speed is told as CPU time, and as ratios of runs that took turns: both hold on a busy machine, where wall time does
//! not. Every figure is the median of several runs; the smallest and largest stand beside it.

mod baseline;
mod cache;
mod corpora;
mod faults;
mod growth;
mod incremental;
mod measure;
mod peers;
mod program;
mod queries;
mod report;
mod scale;
mod service;
mod sources;
mod startup;
mod tags;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, ValueEnum};

/// Measure Astlas. Corpora are downloaded into target/corpora on first use.
#[derive(Parser)]
#[command(name = "cargo xtask bench")]
struct Arguments {
    /// What to measure [default: all but peers, deaths and soak]
    #[arg(value_enum)]
    benches: Vec<Bench>,
    /// Runs of each side
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    runs: u32,
    /// How long faults come in `soak`
    #[arg(long, default_value_t = 600)]
    seconds: u64,
    /// How many repositories there are in each simulation of `scale`
    #[arg(long, value_delimiter = ',', default_values_t = [10, 1_000, 100_000])]
    repositories: Vec<usize>,
    /// What chance begins with in `scale`
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Another value for an input of `scale`, which lists them
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Also run universal-ctags (from the PATH) and aider (installed into target/aider) on the same corpora
    #[arg(long)]
    peers: bool,
    /// Serve the function that does nothing, which `service` measures beside the others; its cache is in this folder
    #[arg(long, value_name = "DIR", requires = "listen", hide = true)]
    hello: Option<PathBuf>,
    /// Serve the composed `query` as Spin does, each instance for so many requests, which `composed` measures
    #[arg(long, value_name = "REQUESTS", requires = "listen", hide = true)]
    spin: Option<u32>,
    #[arg(long, value_name = "ADDRESS", hide = true)]
    listen: Option<String>,
    /// Be the hostile callers of `hostile`, of the service at this address, until the input ends
    #[arg(long, value_name = "URL", requires_all = ["key", "archive"], hide = true)]
    attack: Option<String>,
    /// Be the busy machine of `hostile`, until the input ends
    #[arg(long, hide = true)]
    busy: bool,
    #[arg(long, hide = true)]
    key: Option<String>,
    #[arg(long, hide = true)]
    archive: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Bench {
    /// Tags of a corpus by the component and by the same crate natively, on one core
    Tags,
    /// The same by the component compiled for older processors
    Baseline,
    /// Loading a component, making an instance, starting the program
    Startup,
    /// `astlas map`, cold and warm, whole process
    Program,
    /// Cost for each byte of source, from a small to a large corpus
    Growth,
    /// The SQLite cache by itself
    Cache,
    /// New ranks after one file of Django was edited: graph and ranker as components
    Incremental,
    /// What one question to the ranker costs
    Queries,
    /// `astlas serve` under load by wrk: latency, requests a second, start, memory, a commit that changes three files
    Service,
    /// What one push, one question and one kept answer cost, in CPU, bytes and operations
    Units,
    /// A day of webhooks and reviews at 10, 1,000 and 100,000 repositories, simulated from what `units` measured
    Scale,
    /// What a request costs on Spin, where function and stages are composed into one component, beside `astlas serve`
    Composed,
    /// What it costs to know who asks and to count it
    Tenants,
    /// What a hostile tenant does to another one
    Hostile,
    /// A process killed, or stopped and taken for dead, at every step of an index
    Deaths,
    /// Faults of network, servers and processes, one after the other, with users all the while
    Soak,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let (Some(folder), Some(listen)) = (&arguments.hello, &arguments.listen) {
        return service::serve_hello(listen, folder);
    }
    if let (Some(address), Some(key), Some(archive)) = (arguments.attack, &arguments.key, &arguments.archive) {
        return service::attack(address, key, archive);
    }
    if arguments.busy {
        return service::busy();
    }
    if let (Some(requests), Some(listen)) = (arguments.spin, &arguments.listen) {
        return service::serve_composed(listen, requests);
    }
    let chosen = |bench| arguments.benches.is_empty() || arguments.benches.contains(&bench);
    report::machine();
    // Only by name: they take long, and measure nothing.
    if arguments.benches.contains(&Bench::Deaths) {
        faults::deaths()?;
    }
    if arguments.benches.contains(&Bench::Soak) {
        faults::soak(arguments.seconds)?;
    }
    // Whole processes first: a child's peak memory counts what its parent held when it was started, and the others hold
    // much.
    if chosen(Bench::Program) {
        program::bench(arguments.runs)?;
    }
    if arguments.peers {
        peers::bench(arguments.runs)?;
    }
    if chosen(Bench::Tenants) {
        service::bench_tenants(arguments.runs)?;
    }
    if chosen(Bench::Hostile) {
        service::bench_hostile(arguments.runs)?;
    }
    if chosen(Bench::Service) {
        service::bench(arguments.runs)?;
    }
    if chosen(Bench::Units) {
        service::bench_units()?;
    }
    if chosen(Bench::Composed) {
        service::bench_composed(arguments.runs)?;
    }
    if chosen(Bench::Scale) {
        let (repositories, seed, set) = (&arguments.repositories, arguments.seed, &arguments.set);
        scale::bench(&scale::Settings { repositories, seed, set })?;
    }
    if chosen(Bench::Growth) {
        growth::bench(arguments.runs)?;
    }
    if chosen(Bench::Cache) {
        cache::bench(arguments.runs)?;
    }
    if chosen(Bench::Incremental) {
        incremental::bench(arguments.runs)?;
    }
    if chosen(Bench::Queries) {
        queries::bench(arguments.runs)?;
    }
    if chosen(Bench::Startup) {
        startup::bench(arguments.runs)?;
    }
    if chosen(Bench::Tags) {
        tags::bench(arguments.runs)?;
    }
    if chosen(Bench::Baseline) {
        baseline::bench(arguments.runs)?;
    }
    Ok(())
}
