//! The service under load: Django indexed, eight callers at once, beside a function that does nothing on the same host.

mod attack;
mod client;
mod composed;
mod hostile;
mod load;
mod pace;
mod push;
mod server;
mod tenants;
mod units;
mod workers;

use std::{path::Path, process::Command};

use anyhow::{Result, ensure};
use astlas_engine::Runtime;
use astlas_service::{Configuration, Settings};

use crate::{
    corpora,
    corpora::target,
    measure::Runs,
    report::{row, runs, short, table},
    startup,
};
use load::{CALLERS, load};
use push::Pushes;
use server::Server;

pub use attack::{attack, busy};
pub use composed::{bench as bench_composed, serve as serve_composed};
pub use hostile::bench as bench_hostile;
pub use tenants::bench as bench_tenants;
pub use units::bench as bench_units;

/// Files that are asked about.
const ASKED: usize = 200;
/// What is asked with one of them.
const OPERATIONS: [(&str, &str); 3] = [
    ("/api/v1/graph/dependencies", r#""file_path":"FILE""#),
    ("/api/v1/graph/important_files", r#""context_files":["FILE"]"#),
    ("/api/v1/repomap", r#""context_files":["FILE"]"#),
];

/// Serves the function that does nothing, until it is told to stop.
pub fn serve_hello(listen: &str, folder: &Path) -> Result<()> {
    let configuration = Configuration { listen: listen.parse()?, ..Configuration::default() };
    let cache = astlas_cache::Settings::new(folder);
    let (query, ingest) = (startup::artifact_in("hello", "hello")?, startup::artifact("ingest")?);
    let stages = Runtime::new(startup::artifacts()?, None, 2)?;
    astlas_service::serve(Settings { configuration, cache, query, ingest }, stages)
}

pub fn bench(rounds: u32) -> Result<()> {
    starts(rounds)?;
    let corpus = corpora::django()?;
    let folder = tempfile::tempdir()?;
    let pushes = Pushes::new(&corpus)?;
    let server = Server::start(pushes.tell(&mut program("serve", folder.path())))?;
    let paths = pushes.bench(&server)?;

    let title = format!("{}: {CALLERS} callers at once, each of {ASKED} files again and again", corpus.name);
    table(&title, &["endpoint", "requests/s", "p50", "p99", "CPU of one answer", "CPU of one asked the first time"]);
    for (path, about) in OPERATIONS {
        let bodies: Vec<String> = paths
            .iter()
            .take(ASKED)
            .map(|file| {
                format!("{{\"repo_id\":\"acme/django\",\"commit_sha\":\"base\",{}}}", about.replace("FILE", file))
            })
            .collect();
        let before = server.cpu_seconds()?;
        for body in &bodies {
            ensure!(server.post(path, body)?.0 == 200, "{path}: {body}");
        }
        let first = (server.cpu_seconds()? - before) / bodies.len() as f64;
        show(path, &server, path, &bodies, Some(first))?;
    }
    drop(server);
    let hello_folder = tempfile::tempdir()?;
    let mut hello = Command::new(std::env::current_exe()?);
    hello.arg("--hello").arg(hello_folder.path());
    let server = Server::start(&mut hello)?;
    show("a function that does nothing", &server, "/api/v1/repomap", &["{}".to_owned()], None)?;
    drop(server);
    workers::bench()
}

fn show(name: &str, server: &Server, path: &str, bodies: &[String], first: Option<f64>) -> Result<()> {
    let before = server.cpu_seconds()?;
    let loaded = load(server, path, bodies, None)?;
    let each = (server.cpu_seconds()? - before) / loaded.requests;
    row(&[
        name.into(),
        short(loaded.per_second),
        format!("{} ms", short(loaded.p50)),
        format!("{} ms", short(loaded.p99)),
        format!("{} ms", short(each * 1e3)),
        first.map_or_else(|| "-".into(), |first| format!("{} ms", short(first * 1e3))),
    ]);
    Ok(())
}

/// The program in a role.
fn program(role: &str, folder: &Path) -> Command {
    let mut command = Command::new(target().join("release/astlas"));
    // As where it runs for others: what it has to say goes to a collector.
    command.arg(role).arg("--cache-dir").arg(folder).env("ASTLAS_TELEMETRY_LEVEL", "warn");
    // Says where our servers are, and is no setting of the program's.
    command.env_remove("ASTLAS_PYTHON");
    command
}

/// From the start of the process to the first 200, and what it holds then.
fn starts(rounds: u32) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (mut first, mut rest) = (Runs::default(), Runs::default());
    let cold = Server::start(&mut program("serve", folder.path()))?.started;
    for _ in 0..rounds.max(5) {
        let server = Server::start(&mut program("serve", folder.path()))?;
        first.push(server.started);
        rest.push(server.resident()?);
    }
    table("Start of the service", &["", "wall or memory"]);
    row(&["to the first 200, empty cache folder".into(), format!("{} ms", short(cold * 1e3))]);
    row(&["to the first 200".into(), runs(&first, 1e3, "ms")]);
    row(&["resident at rest".into(), runs(&rest, 1e-6, "MB")]);
    Ok(())
}
