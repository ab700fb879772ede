//! Faults of networks, servers and disks, before each capability: no wrong answer, no call without an end, everything
//! works again by itself, nothing is left behind. What was tried is counted and printed: docs/reliability.md has it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test relies on may stop it")]

mod alone;
mod disk;
mod leaks;
mod pubsub;
mod redis;
mod restarts;
mod scene;
mod storage;
