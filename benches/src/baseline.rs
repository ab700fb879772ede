//! What it costs to be compiled for older processors than the one that runs: the parser for each level, turn by turn.

use anyhow::{Result, anyhow, ensure};
use astlas_atlas::ports::Stages;
use astlas_engine::{Artifact, Artifacts, Baseline, Runtime, config};

use crate::{
    corpora,
    measure::{Runs, thread_seconds},
    report::{row, runs, short, table},
    sources::sources,
    startup,
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
        let mut figures: Vec<(Runs, Runs)> = vec![Default::default(); runtimes.len()];
        // The first round warms all up and compares what they say.
        for round in 0..=rounds {
            eprintln!("bench: tags of {}, round {round} of {rounds}", corpus.name);
            let mut first = None;
            for ((name, runtime), (all, ratio)) in runtimes.iter().zip(&mut figures) {
                let batch = sources.clone();
                let (seconds, tags) = thread_seconds(|| runtime.parse(batch));
                let tags = tags?;
                let (known, of_first) = first.get_or_insert_with(|| (tags.clone(), seconds));
                ensure!(tags == *known, "the parser for {name} disagrees on {}", corpus.name);
                if round > 0 {
                    all.push(seconds);
                    ratio.push(seconds / *of_first);
                }
            }
        }
        for ((name, _), (all, ratio)) in runtimes.iter().zip(&figures) {
            row(&[corpus.name.into(), (*name).into(), runs(all, 1.0, "s"), runs(ratio, 1.0, "")]);
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
