//! What it costs to be compiled for older processors than the one that runs: the parser for each level, turn by turn.

use anyhow::{Result, anyhow};
use astlas_atlas::ports::Stages;
use astlas_engine::{Artifact, Artifacts, Baseline, Runtime, config};

use crate::{
    corpora,
    measure::thread_seconds,
    report::{row, runs, short, table},
    sources::sources,
    startup,
    tags::{Side, turns},
};

pub fn bench(rounds: u32) -> Result<()> {
    let here = startup::artifacts()?;
    let mut runtimes = vec![("this processor", Runtime::new(here, None, 1)?)];
    for baseline in Baseline::ALL {
        eprintln!("bench: compiling the parser for {}", baseline.name());
        let (seconds, parser) = thread_seconds(|| compiled(&here.parser, baseline));
        eprintln!("bench: {} s on this thread", short(seconds));
        runtimes.push((baseline.name(), Runtime::new(Artifacts { parser: parser?, ..here }, None, 1)?));
    }
    table("Tags by what the parser is compiled for", &["corpus", "compiled for", "CPU", "ratio"]);
    for corpus in [corpora::flask()?, corpora::typeorm()?, corpora::django()?] {
        let sources = sources(&corpus, &runtimes[0].1)?;
        let mut sides: Vec<Side<'_>> = vec![];
        for (name, runtime) in &runtimes {
            sides.push((name, Box::new(|batch| Ok(runtime.parse(batch)?))));
        }
        for (turns, (name, _)) in turns(corpus.name, &sources, rounds, &mut sides)?.iter().zip(&runtimes) {
            row(&[corpus.name.into(), (*name).into(), runs(&turns.cpu, 1.0, "s"), runs(&turns.ratio, 1.0, "")]);
        }
    }
    Ok(())
}

/// A stage for a level of processors.
fn compiled(artifact: &Artifact, baseline: Baseline) -> Result<Artifact> {
    let component = zstd::decode_all(artifact.component)?;
    let compiled = baseline.compile(config::stages(1), &component).map_err(|error| anyhow!("{error:#}"))?;
    // Kept to the program's end, as what is built into the program is.
    Ok(Artifact { compiled: Vec::leak(zstd::encode_all(compiled.as_slice(), 1)?), ..*artifact })
}
