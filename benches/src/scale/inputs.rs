//! What the simulation is told: how much traffic there is, how large repositories are, how the platform behaves, and what
//! it costs. Each can be given another value.

use anyhow::{Result, bail};

macro_rules! inputs {
    ($($name:ident = $value:literal, $unit:literal, $from:literal;)+) => {
        /// All of it.
        #[derive(Clone, Debug)]
        pub struct Inputs { $(pub $name: f64),+ }

        impl Default for Inputs {
            fn default() -> Self {
                Self { $($name: $value as f64),+ }
            }
        }

        impl Inputs {
            /// Sets one by its name.
            pub fn set(&mut self, name: &str, value: f64) -> Result<()> {
                match name {
                    $(stringify!($name) => self.$name = value,)+
                    _ => bail!("no input is called {name}; there are {}", [$(stringify!($name)),+].join(", ")),
                }
                Ok(())
            }

            /// Name, value, unit and origin of each.
            pub fn table(&self) -> Vec<(&'static str, f64, &'static str, &'static str)> {
                vec![$((stringify!($name), self.$name, $unit, $from)),+]
            }
        }
    };
}

inputs! {
    pushes = 10, "pushes to branches, a repository and day", "assumed";
    updates = 5, "updates of pull requests, a repository and day; each comes as a push as well", "assumed";
    second_review = 0.3, "part of the updates that are reviewed twice", "assumed";
    questions = 10, "questions of a review, beside its pr/context", "assumed";
    pause = 20, "s between two questions of a review, mean", "assumed";
    review_delay = 120, "s from an index to its review, mean", "assumed";
    peak = 3, "the busiest moment against the mean", "assumed: the working day of one region";
    activity_sigma = 1.5, "of the logarithm of how busy repositories are", "assumed";
    median_mb = 1.5, "MB of source of half of the repositories at most", "assumed";
    size_sigma = 1.5, "of the logarithm of their sizes", "assumed";
    largest_mb = 384, "MB of source at most", "limit of an archive";
    all_new = 0.005, "part of the pushes whose commit before is not known", "assumed";
    popular = 200, "things of a commit that may be asked about, the second half as often as the first and so on", "assumed";

    service_cores = 2, "vCPU", "deploy/terraform/run.tf";
    service_gib = 4, "GiB", "deploy/terraform/run.tf";
    service_requests = 32, "requests of an instance at once", "deploy/terraform/run.tf";
    service_least = 1, "instances", "the uptime check of deploy/terraform keeps one";
    service_most = 1000, "instances", "the quota of a region has to be asked for";
    worker_cores = 4, "vCPU", "deploy/terraform/run.tf";
    worker_gib = 8, "GiB", "deploy/terraform/run.tf";
    worker_requests = 2, "jobs of an instance at once", "deploy/terraform/run.tf";
    worker_least = 0, "instances", "deploy/terraform/variables.tf";
    worker_most = 1000, "instances", "the quota of a region has to be asked for";
    collector_cores = 1, "vCPU beside each instance", "deploy/terraform/run.tf";
    collector_gib = 0.5, "GiB beside each instance", "deploy/terraform/run.tf";
    start = 5, "s from the wish for an instance to its first request", "assumed; a probe each 5 s";
    target = 0.6, "of cores and of requests at once", "Cloud Run, about instance autoscaling";
    idle = 900, "s until an idle instance goes", "Cloud Run, about instance autoscaling";
    memory_mib = 256, "MiB of the cache in memory", "deploy/astlas.toml";
    open_mib = 512, "MiB of open repositories", "deploy/astlas.toml";
    open_for = 300, "s that they stay open", "host/service/src/warm.rs";
    redis_gib = 0, "GiB of Redis; 0: 1, and 1 more for each 1,000 repositories", "assumed";
    redis_ms = 1, "ms to Redis and back", "assumed";
    redis_mbps = 200, "MB/s out of Redis to one who asks", "assumed";
    bucket_ms = 50, "ms to the bucket and back", "assumed";
    bucket_mbps = 100, "MB/s out of the bucket to one who asks", "assumed";
    forge_ms = 500, "ms until the forge begins to answer", "assumed";
    forge_mbps = 20, "MB/s from the forge", "assumed";

    cpu_price = 0.000018, "$ for a vCPU second", "Cloud Run pricing, instance-based, tier 1";
    gib_price = 0.000002, "$ for a GiB second", "Cloud Run pricing, instance-based, tier 1";
    redis_price = 0.05, "$ for a GiB hour of Redis", "example, not looked up";
    storage_price = 0.02, "$ for a GB month of the bucket", "Cloud Storage pricing examples, us-east1";
    write_price = 0.05, "$ for 10,000 writes and lists", "Cloud Storage pricing examples";
    read_price = 0.004, "$ for 10,000 reads", "Cloud Storage pricing examples";
    message_price = 40, "$ for a TiB of Pub/Sub, 1,000 bytes of a message at least, in and out", "Pub/Sub pricing";
    kept = 30, "days that commits are kept", "the sweep";
}
