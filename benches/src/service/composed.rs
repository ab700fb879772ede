//! What a request costs where function and stages are one component, composed as Spin does it, beside `astlas serve`: the
//! same artifacts, Redis, bucket, repository and questions, turn by turn.

use std::{env, io::Read, path::Path, process::Command, thread, time::Duration};

use anyhow::{Context, Result, ensure};
use astlas_spin_host::{Manifest, REQUESTS};
use astlas_test_servers::{GcsServer, RedisServer};
use astlas_tests::archives::zip;
use serde_json::json;

use super::{
    client::agent,
    program,
    push::{done, files},
    server::Server,
};
use crate::{
    corpora,
    corpora::target,
    measure::Runs,
    report::{row, runs, short, table},
};

const BUCKET: &str = "sources";
const REPOSITORY: &str = "acme/django";
/// How values of Spin's variables are given, as Spin itself has it.
const VARIABLE: &str = "SPIN_VARIABLE_";

/// Requests of a kind in each round: as many as take some hundred milliseconds, for CPU is told in hundredths of a second.
const SHORT: usize = 400;
const NEW: usize = 40;
const MAPS: usize = 8;
/// What the function answers to a body without fields.
const REFUSED: u16 = 422;
/// Definitions in the source that is parsed.
const DEFINITIONS: usize = 20;

/// Has Redis remember which keys there are, and forget all others: whoever is asked next finds what the one before did.
const REMEMBER: &str = "redis.call('DEL', 'bench') for _, key in ipairs(redis.call('KEYS', '*')) do \
     redis.call('SADD', 'bench', key) end return 'done'";
const FORGET: &str = "for _, key in ipairs(redis.call('KEYS', '*')) do if key ~= 'bench' and \
     redis.call('SISMEMBER', 'bench', key) == 0 then redis.call('DEL', key) end end return 'done'";

/// Serves the composed `query` of `spin.toml`, until it is told to stop.
pub fn serve(listen: &str, requests: u32) -> Result<()> {
    let mut manifest = Manifest::read(&target().join("../spin.toml"));
    manifest.components.retain(|name, _| name == "query");
    manifest.trigger.http.retain(|trigger| trigger.component == "query");
    let given = env::vars().filter_map(|(name, value)| Some((name.strip_prefix(VARIABLE)?.to_lowercase(), value)));
    let given: Vec<(String, String)> = given.collect();
    let given: Vec<(&str, &str)> = given.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let folder = target().join("components");
    let _host = astlas_spin_host::Host::serve(manifest, &given, &folder, listen.parse()?, requests);
    loop {
        thread::park();
    }
}

/// The servers, and the hosts over them.
struct Scene {
    redis: RedisServer,
    _storage: GcsServer,
    hosts: Vec<Host>,
    /// Files of the repository, best first.
    paths: Vec<String>,
    _folders: [tempfile::TempDir; 2],
}

struct Host {
    name: &'static str,
    server: Server,
}

/// Requests of a kind.
struct Kind {
    name: &'static str,
    path: &'static str,
    status: u16,
    bodies: Vec<String>,
}

pub fn bench(rounds: u32) -> Result<()> {
    let scene = Scene::start()?;
    let kinds = scene.kinds(0).len();
    let mut costs = vec![vec![Runs::default(); scene.hosts.len()]; kinds];
    let mut ratios = vec![Runs::default(); kinds];
    for round in 0..rounds as usize {
        eprintln!("bench: composed, round {} of {rounds}", round + 1);
        let mut measured = vec![vec![0.0; scene.hosts.len()]; kinds];
        for turn in 0..scene.hosts.len() {
            // Whoever comes first in a round is another one each time.
            let host = (round + turn) % scene.hosts.len();
            for (kind, cost) in scene.costs(&scene.hosts[host], round)?.into_iter().enumerate() {
                measured[kind][host] = cost;
            }
        }
        for (kind, measured) in measured.iter().enumerate() {
            costs[kind].iter_mut().zip(measured).for_each(|(runs, cost)| runs.push(*cost));
            ratios[kind].push(measured[2] / measured[0]);
        }
    }
    let names: Vec<&str> = scene.hosts.iter().map(|host| host.name).collect();
    let columns = [&["CPU of the service for a request"], names.as_slice(), &["composed / `astlas serve`"]].concat();
    table("One request, composed and not", &columns);
    for (at, kind) in scene.kinds(0).iter().enumerate() {
        let mut cells = vec![kind.name.to_owned()];
        cells.extend(costs[at].iter().map(|costs| runs(costs, 1e3, "ms")));
        cells.push(runs(&ratios[at], 1.0, "×"));
        row(&cells);
    }
    for Host { name, server } in &scene.hosts {
        println!(
            "\n{name}: {} MB resident at the end, {} MB at most",
            megabytes(server.resident()?),
            megabytes(server.peak()?)
        );
    }
    Ok(())
}

fn megabytes(bytes: f64) -> String {
    short(bytes / 1e6)
}

impl Scene {
    /// Everything is up, and the repository is indexed.
    fn start() -> Result<Self> {
        let (redis, storage) = (RedisServer::start(), GcsServer::start());
        storage.make_bucket(BUCKET);
        let folders = [tempfile::tempdir()?, tempfile::tempdir()?];
        let variables =
            [("CACHE_URL", redis.url()), ("BLOBS_BUCKET", BUCKET.into()), ("BLOBS_ENDPOINT", storage.address())]
                .map(|(name, value)| (format!("ASTLAS_{name}"), value));
        let serve = |folder: &Path, settings: &[(&str, &str)]| {
            Server::start(program("serve", folder).envs(variables.clone()).envs(settings.iter().copied()))
        };
        let composed = |requests: u32| {
            eprintln!("bench: compiling the composed component");
            let mut command = Command::new(env::current_exe()?);
            command.args(["--spin", &requests.to_string()]);
            for (name, value) in
                [("REDIS_URL", redis.url()), ("STORAGE_URL", storage.address()), ("BUCKET", BUCKET.into())]
            {
                command.env(format!("{VARIABLE}{name}"), value);
            }
            Server::start_until(&mut command, |server| {
                server.post("/api/v1/repomap", "{}").is_ok_and(|(status, _)| status == REFUSED)
            })
        };
        // They compile first, which takes a while.
        let (kept, new) = (composed(REQUESTS)?, composed(1)?);
        let ours = serve(folders[0].path(), &[])?;
        let forgetful = [("ASTLAS_FUNCTIONS_WARM_BYTES", "0"), ("ASTLAS_CACHE_MEMORY", "1")];
        let forgetful = serve(folders[1].path(), &forgetful)?;
        let hosts = vec![
            Host { name: "`astlas serve`", server: ours },
            Host { name: "`astlas serve`, nothing kept in memory", server: forgetful },
            Host { name: "composed", server: kept },
            Host { name: "composed, a new instance each time", server: new },
        ];
        let paths = index(&hosts[0].server)?;
        Ok(Self { redis, _storage: storage, hosts, paths, _folders: folders })
    }

    /// What is asked in a round. Nobody asked it in another one.
    fn kinds(&self, round: usize) -> Vec<Kind> {
        let files = |count: usize| self.paths.iter().cycle().skip(round * count).take(count);
        let of_commit = |about: String| format!("{{\"repo_id\":{REPOSITORY:?},\"commit_sha\":\"base\",{about}}}");
        let dependencies: Vec<String> =
            files(NEW).map(|file| of_commit(format!("\"file_path\":{file:?},\"depth\":{}", 1 + round % 4))).collect();
        let kept = dependencies.iter().cycle().take(SHORT).cloned().collect();
        let maps = files(MAPS)
            .map(|file| of_commit(format!("\"context_files\":[{file:?}],\"max_tokens\":{}", 4096 + round)))
            .collect();
        let parsed = (0..SHORT).map(|number| {
            let body =
                json!({"repo_id": REPOSITORY, "file_path": "small.py", "content": small(round * SHORT + number)});
            body.to_string()
        });
        let refused = vec!["{}".to_owned(); SHORT];
        let kind = |name, path, status, bodies| Kind { name, path, status, bodies };
        vec![
            kind("refused by the function: no capability, no stage", "/api/v1/repomap", REFUSED, refused),
            kind("dependencies, new, the graph is in Redis", "/api/v1/graph/dependencies", 200, dependencies),
            kind("dependencies, kept", "/api/v1/graph/dependencies", 200, kept),
            kind("map, new, the graph is in Redis", "/api/v1/repomap", 200, maps),
            kind("parse of a new file of 1.4 KB", "/api/v1/ast/parse", 200, parsed.collect()),
        ]
    }

    /// What a request of each kind costs a host, in seconds.
    fn costs(&self, host: &Host, round: usize) -> Result<Vec<f64>> {
        self.tell(REMEMBER)?;
        let costs = self.kinds(round).into_iter().map(|kind| {
            let begun = host.server.cpu_seconds()?;
            ask(&host.server, &kind).with_context(|| format!("{}: {}", host.name, kind.name))?;
            // What is still to do when the last answer has come.
            thread::sleep(Duration::from_millis(50));
            Ok((host.server.cpu_seconds()? - begun) / kind.bodies.len() as f64)
        });
        let costs = costs.collect();
        self.tell(FORGET)?;
        costs
    }

    fn tell(&self, script: &str) -> Result<()> {
        let answer = self.redis.command(&format!("EVAL \"{script}\" 0"));
        ensure!(answer.contains("done"), "Redis: {answer}");
        Ok(())
    }
}

/// Asks one after the other, on one connection.
fn ask(server: &Server, kind: &Kind) -> Result<()> {
    let agent = agent();
    for body in &kind.bodies {
        let request = agent.post(format!("{}{}", server.address, kind.path));
        let mut response = request.header("content-type", "application/json").send(body)?;
        let mut answer = String::new();
        response.body_mut().as_reader().read_to_string(&mut answer)?;
        ensure!(response.status() == kind.status, "{body}: {answer}");
    }
    Ok(())
}

/// Indexes the corpus: its files, best first.
fn index(server: &Server) -> Result<Vec<String>> {
    let files = files(&corpora::django()?.folder)?;
    let archive = zip(&files.iter().map(|(path, content)| (path.as_str(), content.as_slice())).collect::<Vec<_>>());
    let (status, stored) = server.put(&format!("/api/v1/repos/{REPOSITORY}/base/archive"), &archive)?;
    ensure!(status == 201, "{stored}");
    let commit = json!({"repo_id": REPOSITORY, "commit_sha": "base", "limit": 0});
    let job = json!({"repo_id": REPOSITORY, "commit_sha": "base"}).to_string();
    let (status, started) = server.post("/api/v1/jobs/index_repo", &job)?;
    ensure!(status == 202, "{started}");
    let job = format!("/api/v1/jobs/{}", started["job_id"].as_str().context("no job")?);
    done(server, &job, Duration::from_millis(200))?;
    let (status, ranked) = server.post("/api/v1/graph/important_files", &commit.to_string())?;
    ensure!(status == 200, "{ranked}");
    let paths = ranked["files"].as_array().into_iter().flatten().filter_map(|file| file["file"].as_str());
    Ok(paths.map(str::to_owned).collect())
}

/// A source that is no other one's.
fn small(number: usize) -> String {
    let definition = |at: usize| {
        format!("def run_{number}_{at}(text):\n    \"\"\"Runs it.\"\"\"\n    return text.strip({at})\n\n\n")
    };
    (0..DEFINITIONS).map(definition).collect()
}
