//! What one thing costs: a push, a question, an answer that is kept; in CPU of the processes, bytes and operations. On a
//! service and a worker over Redis, fake-gcs-server and the Pub/Sub emulator, on corpora of several sizes.

mod deployment;
mod jobs;
mod questions;
mod rows;

use anyhow::Result;
use astlas_engine::Runtime;

use self::{deployment::Deployment, jobs::Base, rows::Rows};
use super::push::Pushes;
use crate::{
    corpora::{self, Corpus},
    sources, startup,
};

/// Settings of a process that opens every repository anew, and of one that has no memory beside that.
const NOTHING_OPEN: [(&str, &str); 1] = [("FUNCTIONS_WARM_BYTES", "0")];
const NOTHING_KEPT: [(&str, &str); 2] = [("FUNCTIONS_WARM_BYTES", "0"), ("CACHE_MEMORY", "1")];

pub fn bench() -> Result<()> {
    let runtime = Runtime::new(startup::artifacts()?, None, 2)?;
    let mut all = vec![];
    for corpus in [corpora::flask()?, corpora::typeorm()?, corpora::django()?] {
        eprintln!("bench: units of {}", corpus.name);
        let sources = sources::sources(&corpus, &runtime)?;
        let mut rows = Rows::default();
        rows.add("sources", sources.len() as f64);
        rows.add("sources, MB", sources.iter().map(|source| source.text.len()).sum::<usize>() as f64 / 1e6);
        measure(&corpus, &mut rows)?;
        all.push((corpus.name.to_owned(), rows));
    }
    rows::show("What one thing costs", &all);
    Ok(())
}

fn measure(corpus: &Corpus, rows: &mut Rows) -> Result<()> {
    let deployment = Deployment::start(Pushes::new(corpus)?)?;
    let folders = [(); 5].map(|()| tempfile::tempdir());
    let [one, two, three, four, five] = folders;
    let (one, two, three, four, five) = (one?, two?, three?, four?, five?);
    let service = deployment.run("serve", one.path(), &[])?;
    let worker = deployment.run("worker", two.path(), &[])?;
    let paths = jobs::first(&deployment, &service, &worker, rows)?;
    jobs::update(&deployment, [&service, &worker], &paths, Base::Memory, rows)?;
    jobs::pull_requests(&deployment, [&service, &worker], rows)?;
    jobs::upload(&deployment, &service, rows)?;
    questions::kinds(&deployment, &service, &paths, rows)?;
    rows.add("service at most, MB", service.peak()? / 1e6);
    drop(worker);
    let memory = deployment.run("serve", three.path(), &NOTHING_OPEN)?;
    let redis = deployment.run("serve", four.path(), &NOTHING_KEPT)?;
    questions::opening(&deployment, [&service, &memory, &redis], &paths, rows)?;
    let worker = deployment.run("worker", five.path(), &NOTHING_KEPT)?;
    // Brings back what the questions had Redis lose.
    jobs::warm_up(&deployment, &service, &worker)?;
    jobs::update(&deployment, [&service, &worker], &paths, Base::Redis, rows)?;
    jobs::update(&deployment, [&service, &worker], &paths, Base::Bucket, rows)
}
