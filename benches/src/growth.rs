//! How time and memory grow with the source: cost for each byte, from a small corpus to a large one.

use anyhow::Result;
use astlas_engine::Runtime;

use crate::{
    corpora, program,
    report::{row, runs, short, table},
    sources::sources,
    startup,
};

pub fn bench(rounds: u32) -> Result<()> {
    let columns =
        ["corpus", "MB of source", "cold CPU", "CPU for each MB", "peak memory", "against the smallest, for each MB"];
    table("Growth of a cold map", &columns);
    let corpora = [corpora::flask()?, corpora::django()?, corpora::large()?];
    // All maps before the sources are read into this process: see the order in main.rs.
    let mapped: Vec<_> = corpora.iter().map(|corpus| program::map(corpus, rounds)).collect::<Result<_>>()?;
    let runtime = Runtime::new(startup::artifacts()?, None, 1)?;
    let mut first = None;
    for (corpus, mapped) in corpora.iter().zip(mapped) {
        let megabytes = sources(corpus, &runtime)?.iter().map(|source| source.text.len()).sum::<usize>() as f64 / 1e6;
        let cold = mapped.cold;
        let each = cold.cpu.median() / megabytes;
        let first = *first.get_or_insert(each);
        row(&[
            corpus.name.into(),
            short(megabytes),
            runs(&cold.cpu, 1.0, "s"),
            format!("{} s", short(each)),
            runs(&cold.memory, 1.0, "MB"),
            format!("{} ×", short(each / first)),
        ]);
    }
    Ok(())
}
