//! The ranker through its front door, on the cases of `tests/networkx`.

#![expect(clippy::expect_used, reason = "a test may end there")]

mod answers;
mod cases;
mod default;
mod networkx;

/// Made by the scripts beside them: the corners of the method and some random repositories, and what NetworkX makes of
/// them.
const CASES: &str = include_str!("../../../../tests/networkx/cases.jsonl");
const RANKS: &str = include_str!("../../../../tests/networkx/ranks.jsonl");
