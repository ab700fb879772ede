//! `astlas map` as a user runs it: with an empty cache, again, and again with another question.

use std::{path::Path, process::Command};

use anyhow::Result;

use crate::{
    corpora::{self, Corpus, target},
    measure::Process,
    report::{row, runs, table},
};

/// How a map was asked for.
pub struct Mapped {
    /// With an empty cache, into which the components' compiled code has to be unpacked as well.
    pub cold: Process,
    /// The same again.
    pub warm: Process,
    /// Another budget over an unchanged tree: ranked and rendered anew.
    pub other: Process,
}

pub fn bench(rounds: u32) -> Result<()> {
    table("`astlas map`, whole process", &["corpus", "run", "CPU", "wall", "peak memory"]);
    for corpus in [corpora::flask()?, corpora::typeorm()?, corpora::django()?] {
        let mapped = map(&corpus, rounds)?;
        let runs_of = [("cold", &mapped.cold), ("warm", &mapped.warm), ("warm, other budget", &mapped.other)];
        for (run, process) in runs_of {
            row(&[
                corpus.name.into(),
                run.into(),
                runs(&process.cpu, 1.0, "s"),
                runs(&process.wall, 1.0, "s"),
                runs(&process.memory, 1.0, "MB"),
            ]);
        }
    }
    Ok(())
}

/// Maps a corpus so many times.
pub fn map(corpus: &Corpus, rounds: u32) -> Result<Mapped> {
    let mut mapped = Mapped { cold: Process::default(), warm: Process::default(), other: Process::default() };
    let cache = tempfile::tempdir()?;
    let command = |tokens: &str| astlas(&corpus.folder, cache.path(), tokens);
    for round in 1..=rounds {
        eprintln!("bench: map of {}, round {round} of {rounds}", corpus.name);
        let mut clear = Command::new(target().join("release/astlas"));
        Process::default().run(clear.args(["cache", "clear", "--cache-dir"]).arg(cache.path()))?;
        mapped.cold.run(&mut command("1024"))?;
        mapped.warm.run(&mut command("1024"))?;
        mapped.other.run(&mut command("2048"))?;
    }
    Ok(mapped)
}

fn astlas(folder: &Path, cache: &Path, tokens: &str) -> Command {
    let mut command = Command::new(target().join("release/astlas"));
    command.arg("map").arg(folder).args(["--tokens", tokens, "--cache-dir"]).arg(cache);
    command
}
