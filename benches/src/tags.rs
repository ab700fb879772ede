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
    for corpus in [corpora::flask()?, corpora::typeorm()?, corpora::django()?] {
        let sources = sources(&corpus, &runtime)?;
        let megabytes = sources.iter().map(|source| source.text.len()).sum::<usize>() as f64 / 1e6;
        let mut parser = astlas_parser::Parser::default();
        let (mut native, mut component, mut ratio) = (Runs::default(), Runs::default(), Runs::default());
        // The first round warms both sides up and compares what they say.
        for round in 0..=rounds {
            eprintln!("bench: tags of {}, round {round} of {rounds}", corpus.name);
            let (native_seconds, native_tags) = thread_seconds(|| natively(&mut parser, &sources));
            let batch = sources.clone();
            let (component_seconds, component_tags) = thread_seconds(|| runtime.parse(batch));
            ensure!(native_tags? == component_tags?, "component and native code disagree on {}", corpus.name);
            if round > 0 {
                native.push(native_seconds);
                component.push(component_seconds);
                ratio.push(component_seconds / native_seconds);
            }
        }
        row(&[
            corpus.name.into(),
            sources.len().to_string(),
            short(megabytes),
            runs(&native, 1.0, "s"),
            runs(&component, 1.0, "s"),
            runs(&ratio, 1.0, ""),
        ]);
    }
    Ok(())
}

fn natively(parser: &mut astlas_parser::Parser, sources: &[Source]) -> Result<Vec<Tags>> {
    let options = astlas_parser::Options::default();
    sources.iter().map(|source| Ok(parser.parse(&source.language, &source.text, options)?)).collect()
}
