//! What a question costs: new and kept ones, where the repository is open, in memory, in Redis or in the bucket alone.

use std::{collections::BTreeMap, time::Instant};

use anyhow::{Result, ensure};
use serde_json::Value;

use super::{deployment::Deployment, jobs::COMMITS, rows::Rows};
use crate::service::server::Server;

/// New questions of a kind.
const NEW: usize = 100;
/// Times that kept ones are asked again.
const AGAIN: usize = 5;
/// New questions where the repository has to be opened, and where it has to be brought back.
const OPENED: usize = 20;
const RESTORED: usize = 10;

/// What several questions took.
struct Asked {
    /// CPU of the service, in milliseconds, for each.
    cpu: f64,
    /// Of each in milliseconds, shortest first.
    walls: Vec<f64>,
}

impl Asked {
    fn percentile(&self, part: f64) -> f64 {
        let at = ((self.walls.len() as f64 * part).ceil() as usize).clamp(1, self.walls.len());
        self.walls[at - 1]
    }
}

/// Asks one after the other.
fn ask(server: &Server, path: &str, bodies: &[String], mut before_each: impl FnMut()) -> Result<Asked> {
    let (mut walls, begun) = (vec![], server.cpu_seconds()?);
    for body in bodies {
        before_each();
        let begun = Instant::now();
        let (status, answer) = server.post(path, body)?;
        walls.push(begun.elapsed().as_secs_f64() * 1e3);
        ensure!(status == 200, "{path}: {body}: {answer}");
    }
    let cpu = (server.cpu_seconds()? - begun) * 1e3 / bodies.len() as f64;
    walls.sort_by(f64::total_cmp);
    Ok(Asked { cpu, walls })
}

fn bodies(of: impl Iterator<Item = String>) -> Vec<String> {
    of.map(|about| format!("{{\"repo_id\":\"acme/django\",\"commit_sha\":\"base\",{about}}}")).collect()
}

fn all(kinds: &BTreeMap<String, f64>) -> f64 {
    kinds.values().sum()
}

/// New and kept questions of every kind, to a service that has the repository open. It was pushed before.
pub fn kinds(deployment: &Deployment, service: &Server, paths: &[String], rows: &mut Rows) -> Result<()> {
    let files = || paths.iter().take(NEW);
    let (_, found) = service
        .post("/api/v1/symbols/fuzzy", &bodies(["\"pattern\":\"e\",\"limit\":1000".to_owned()].into_iter())[0])?;
    let names: Vec<&Value> = found["symbols"].as_array().into_iter().flatten().map(|symbol| &symbol["name"]).collect();
    ensure!(!names.is_empty(), "no symbols: {found}");
    let symbols: Vec<String> = names.iter().take(NEW).map(|name| format!("\"symbol\":{name}")).collect();
    let patterns = names.iter().filter_map(|name| name.as_str()).take(NEW);
    let patterns: Vec<String> =
        patterns.map(|name| format!("\"pattern\":{:?}", name.chars().step_by(2).collect::<String>())).collect();
    let of_pull_request = |number: usize| {
        let commit = number % COMMITS as usize;
        format!(
            "{{\"repo_id\":\"acme/django\",\"commit_sha\":\"memory{commit}\",\"base_sha\":\"base\",\"limit\":{}}}",
            10 + number
        )
    };
    let kinds: [(&str, &str, Vec<String>); 7] = [
        ("dependencies", "graph/dependencies", bodies(files().map(|file| format!("\"file_path\":{file:?}")))),
        ("dependents", "graph/dependents", bodies(files().map(|file| format!("\"file_path\":{file:?}")))),
        (
            "important_files",
            "graph/important_files",
            bodies(files().map(|file| format!("\"context_files\":[{file:?}]"))),
        ),
        ("symbols/search", "symbols/search", bodies(symbols.into_iter())),
        ("symbols/fuzzy", "symbols/fuzzy", bodies(patterns.into_iter())),
        ("repomap", "repomap", bodies(files().map(|file| format!("\"context_files\":[{file:?}]")))),
        ("pr/context", "pr/context", (0..NEW).map(of_pull_request).collect()),
    ];
    for (name, path, mut bodies) in kinds {
        bodies.sort();
        bodies.dedup();
        let path = format!("/api/v1/{path}");
        // The first one opens the repository.
        ask(service, &path, &bodies.split_off(bodies.len() - 1), || ())?;
        let (kept, counted) = (all(&deployment.redis_bytes()), deployment.counts()?);
        let asked = ask(service, &path, &bodies, || ())?;
        let each = 1.0 / bodies.len() as f64;
        let counted = deployment.counts()?.since(counted);
        rows.add(&format!("{name}: new, CPU, ms"), asked.cpu);
        rows.add(&format!("{name}: new, p50, ms"), asked.percentile(0.5));
        rows.add(&format!("{name}: new, p99, ms"), asked.percentile(0.99));
        rows.add(&format!("{name}: Redis for an answer, KB"), (all(&deployment.redis_bytes()) - kept) / 1e3 * each);
        rows.add(&format!("{name}: new, commands of Redis"), counted.commands * each);
        rows.add(&format!("{name}: new, reads of the bucket"), counted.reads * each);
        let again: Vec<String> = (0..AGAIN).flat_map(|_| bodies.clone()).collect();
        let asked = ask(service, &path, &again, || ())?;
        rows.add(&format!("{name}: kept, CPU, ms"), asked.cpu);
        rows.add(&format!("{name}: kept, p50, ms"), asked.percentile(0.5));
        rows.add(&format!("{name}: kept, p99, ms"), asked.percentile(0.99));
    }
    let sample = service.get_text("/metrics")?;
    let value = |name: &str| {
        let line = sample.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.and_then(|value| value.trim().parse::<f64>().ok()).unwrap_or_default()
    };
    rows.add(
        "an instance with the repository open, MB",
        value("astlas_warm_bytes") / value("astlas_warm_instances").max(1.0) / 1e6,
    );
    Ok(())
}

/// New questions to a service that has the repository open, and to those that have nothing open: one has it in memory, the
/// other one in Redis or in the bucket alone.
pub fn opening(deployment: &Deployment, servers: [&Server; 3], paths: &[String], rows: &mut Rows) -> Result<()> {
    let [open, memory, redis] = servers;
    let path = "/api/v1/graph/dependencies";
    let new = |from: usize, count: usize| {
        let files = paths.iter().cycle().skip(from).take(count);
        bodies(files.map(|file| format!("\"file_path\":{file:?},\"depth\":2")))
    };
    ensure!(paths.len() > 3 * OPENED + RESTORED, "the corpus is too small");
    let mut known = 0.0;
    for (turn, (name, server)) in [("open", open), ("in memory", memory), ("in Redis", redis)].into_iter().enumerate() {
        let mut bodies = new(turn * OPENED, OPENED);
        ask(server, path, &bodies.split_off(OPENED - 1), || ())?;
        let counted = deployment.counts()?;
        let asked = ask(server, path, &bodies, || ())?;
        let counted = deployment.counts()?.since(counted);
        let each = 1.0 / bodies.len() as f64;
        rows.add(&format!("dependencies, repository {name}: p50, ms"), asked.percentile(0.5));
        rows.add(&format!("dependencies, repository {name}: commands of Redis"), counted.commands * each);
        rows.add(&format!("dependencies, repository {name}: Redis CPU, ms"), counted.redis_cpu * 1e3 * each);
        match turn {
            0 => known = asked.cpu,
            _ => rows.add(&format!("opening, repository {name}: CPU, ms"), asked.cpu - known),
        }
    }
    let kept: Vec<String> = (0..AGAIN).flat_map(|_| new(2 * OPENED, OPENED)).collect();
    rows.add("dependencies, kept, in Redis: CPU, ms", ask(redis, path, &kept, || ())?.cpu);
    let counted = deployment.counts()?;
    let asked = ask(redis, path, &new(3 * OPENED, RESTORED), || deployment.flush())?;
    let counted = deployment.counts()?.since(counted);
    rows.add("dependencies, repository in the bucket: p50, ms", asked.percentile(0.5));
    rows.add("opening, repository in the bucket: CPU, ms", asked.cpu - known);
    rows.add("opening, repository in the bucket: writes and lists", counted.writes / RESTORED as f64);
    rows.add("opening, repository in the bucket: reads", counted.reads / RESTORED as f64);
    Ok(())
}
