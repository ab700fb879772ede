//! All cases, in the order in which they are played: first those that others need.

mod accounts;
mod archives;
mod graph;
mod host;
mod jobs;
mod maps;
mod parse;
mod repositories;
mod reviews;
mod symbols;
mod webhook;
mod wrong;

use crate::case::Case;

/// Every case.
pub fn all() -> Vec<Case> {
    let parts = [
        archives::prepared(),
        host::document(),
        maps::cases(),
        graph::cases(),
        symbols::cases(),
        reviews::cases(),
        parse::cases(),
        wrong::cases(),
        archives::cases(),
        jobs::cases(),
        repositories::cases(),
        webhook::cases(),
        accounts::cases(),
        host::cases(),
    ];
    parts.into_iter().flatten().collect()
}
