//! How instances are, what requests take of them, and what is added up of both.

use super::agenda::Time;

/// How instances are.
#[derive(Clone, Debug)]
pub struct Shape {
    pub cores: u32,
    /// Requests of an instance at once.
    pub concurrency: u32,
    /// Fewest and most instances.
    pub least: usize,
    pub most: usize,
    /// From the wish for an instance to its first request.
    pub start: Time,
    /// The part of cores, and of requests at once, that instances are to use.
    pub target: f64,
    /// What was idle for so long goes.
    pub idle: Time,
}

/// What a request takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    /// Seconds of cores.
    pub cpu: f64,
    /// Cores that it uses at once.
    pub width: u32,
    /// Seconds that it waits for others, with no core.
    pub wait: f64,
}

/// Seconds added up over time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totals {
    /// Of cores that compute.
    pub busy: f64,
    /// Of requests that wait or are worked on.
    pub requests: f64,
    /// Of instances, from their start on.
    pub instances: f64,
    /// Instances that were started.
    pub starts: u64,
}

impl Totals {
    pub fn since(self, before: Self) -> Self {
        Self {
            busy: self.busy - before.busy,
            requests: self.requests - before.requests,
            instances: self.instances - before.instances,
            starts: self.starts - before.starts,
        }
    }
}
