//! Every target by name, with the seeds that its inputs are made from.

mod archives;
mod doors;
mod google;
mod identity;
mod patch;
mod pipeline;
mod requests;
mod shared;
mod stored;

pub use archives::{LIMITS, Read, pack, read_pack, read_tar, read_zip, tar, zip};
pub use doors::{SECRET, forge, push, trace};
pub use google::google;
pub use identity::{KEY, issuer, record, records, token};
pub use patch::patch;
pub use pipeline::{BETWEEN, pipeline};
pub use requests::{doors, message, request};
pub use shared::{KEY as VALUE, counters, kept};
pub use stored::{bundle, graph, history, languages, ledger, manifest, map, ranks, symbols, tags};

use crate::seeds;

/// A function that takes any bytes.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name here and in `fuzz/`.
    pub name: &'static str,
    /// Panics where something is wrong.
    pub run: fn(&[u8]),
    /// Inputs that reach deep; made by the code itself, the same each time.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

macro_rules! targets {
    ($($name:ident $seeds:expr;)+) => {
        /// Decoders, each by itself.
        pub const DECODERS: &[Target] = &[$(Target { name: stringify!($name), run: $name, seeds: $seeds }),+];
    };
}

targets! {
    tags || seeds::stored("ast");
    graph || seeds::stored("graph");
    ledger || seeds::stored("ledger");
    symbols || seeds::stored("symbols");
    manifest || seeds::stored("merkle");
    ranks || seeds::stored("rank");
    map || seeds::stored("map");
    languages || seeds::stored("languages");
    history || seeds::stored("history");
    bundle seeds::bundles;
    pack seeds::packs;
    zip seeds::zips;
    tar seeds::tars;
    request seeds::requests;
    message seeds::messages;
    google seeds::google;
    patch seeds::patches;
    issuer seeds::issuers;
    token seeds::tokens;
    record seeds::records;
    counters seeds::counters;
    kept seeds::kept;
    trace seeds::traces;
    push seeds::pushes;
    forge seeds::forges;
}

/// From source to map.
pub const PIPELINE: Target = Target { name: "pipeline", run: pipeline, seeds: seeds::sources };

/// The target of this name.
pub fn named(name: &str) -> Option<Target> {
    DECODERS.iter().chain([&PIPELINE]).find(|target| target.name == name).copied()
}
