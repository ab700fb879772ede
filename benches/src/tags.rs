//! The parser as a component, every bound in force, beside the same crate compiled natively: same sources, one core,
//! turn by turn.

use anyhow::{Result, ensure};
use astlas_atlas::ports::{Source, Stages};
use astlas_engine::Runtime;
use astlas_model::Tags;

use crate::{
    corpora,
    measure::{Runs, thread_seconds},
    report::{row, runs, short, table},
    sources::sources,
    startup,
};

pub fn bench(rounds: u32) -> Result<()> {
    table("Tags: component beside native", &["corpus", "sources", "MB", "native CPU", "component CPU", "ratio"]);
    let runtime = Runtime::new(startup::artifacts()?, None, 1)?;
    let mut parser = astlas_parser::Parser::default();
    let mut sides: [Side<'_>; 2] = [
        ("native", Box::new(|sources| natively(&mut parser, &sources))),
        ("component", Box::new(|sources| Ok(runtime.parse(sources)?))),
    ];
    for corpus in [corpora::flask()?, corpora::typeorm()?, corpora::django()?] {
        let sources = sources(&corpus, &runtime)?;
        let megabytes = sources.iter().map(|source| source.text.len()).sum::<usize>() as f64 / 1e6;
        let turns = turns(corpus.name, &sources, rounds, &mut sides)?;
        row(&[
            corpus.name.into(),
            sources.len().to_string(),
            short(megabytes),
            runs(&turns[0].cpu, 1.0, "s"),
            runs(&turns[1].cpu, 1.0, "s"),
            runs(&turns[1].ratio, 1.0, ""),
        ]);
    }
    Ok(())
}

/// A parser that takes turns with others, and its name.
pub type Side<'a> = (&'a str, Box<dyn FnMut(Vec<Source>) -> Result<Vec<Tags>> + 'a>);

/// What a parser took.
#[derive(Clone, Default)]
pub struct Turns {
    /// Seconds.
    pub cpu: Runs,
    /// To the first parser in the same round.
    pub ratio: Runs,
}

/// Has parsers take turns with the same sources. The first round warms all up and compares what they say.
pub fn turns(corpus: &str, sources: &[Source], rounds: u32, sides: &mut [Side<'_>]) -> Result<Vec<Turns>> {
    let mut turns = vec![Turns::default(); sides.len()];
    for round in 0..=rounds {
        eprintln!("bench: tags of {corpus}, round {round} of {rounds}");
        let mut first = None;
        for ((name, parse), turns) in sides.iter_mut().zip(&mut turns) {
            let batch = sources.to_vec();
            let (seconds, tags) = thread_seconds(|| parse(batch));
            let tags = tags?;
            let (known, of_first) = first.get_or_insert_with(|| (tags.clone(), seconds));
            ensure!(tags == *known, "{name}: other tags of {corpus} than the first one's");
            if round > 0 {
                turns.cpu.push(seconds);
                turns.ratio.push(seconds / *of_first);
            }
        }
    }
    Ok(turns)
}

fn natively(parser: &mut astlas_parser::Parser, sources: &[Source]) -> Result<Vec<Tags>> {
    let options = astlas_parser::Options::default();
    sources.iter().map(|source| Ok(parser.parse(&source.language, &source.text, options)?)).collect()
}
