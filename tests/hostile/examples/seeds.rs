//! Writes the seeds of every target into folders of their names, for fuzz/: `cargo run --example seeds -- fuzz/corpus`.
#![allow(clippy::unwrap_used, reason = "what cannot be written may stop it")]

use std::{fs, path::PathBuf};

use astlas_hostile::targets::{DECODERS, PIPELINE};

fn main() {
    let corpus: PathBuf = std::env::args_os().nth(1).unwrap_or_else(|| "fuzz/corpus".into()).into();
    for target in DECODERS.iter().chain([&PIPELINE]) {
        let folder = corpus.join(target.name);
        fs::create_dir_all(&folder).unwrap();
        for (number, seed) in (target.seeds)().iter().enumerate() {
            fs::write(folder.join(format!("seed{number:03}")), seed).unwrap();
        }
    }
}
