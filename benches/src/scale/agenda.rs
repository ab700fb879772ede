//! What happens when: events in order of their time, and of two at one time the one first that was planned first.

use std::{cmp::Reverse, collections::BinaryHeap};

/// Microseconds since the start.
pub type Time = u64;

/// A second.
pub const SECOND: Time = 1_000_000;
pub const HOUR: Time = 3600 * SECOND;
pub const DAY: Time = 24 * HOUR;

/// Seconds as a time.
pub fn time(seconds: f64) -> Time {
    (seconds * SECOND as f64).round() as Time
}

/// A time in seconds.
pub fn seconds(time: Time) -> f64 {
    time as f64 / SECOND as f64
}

/// Events that are to come.
pub struct Agenda<E> {
    now: Time,
    planned: u64,
    events: BinaryHeap<Reverse<Planned<E>>>,
}

struct Planned<E> {
    at: (Time, u64),
    event: E,
}

impl<E> PartialEq for Planned<E> {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl<E> Eq for Planned<E> {}

impl<E> PartialOrd for Planned<E> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Planned<E> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.at.cmp(&other.at)
    }
}

impl<E> Agenda<E> {
    pub fn new() -> Self {
        Self { now: 0, planned: 0, events: BinaryHeap::new() }
    }

    pub fn now(&self) -> Time {
        self.now
    }

    /// Plans an event so much later.
    pub fn after(&mut self, delay: Time, event: E) {
        self.planned += 1;
        self.events.push(Reverse(Planned { at: (self.now + delay, self.planned), event }));
    }

    /// The next event before an end; it is that time then.
    pub fn next(&mut self, end: Time) -> Option<E> {
        if self.events.peek()?.0.at.0 >= end {
            return None;
        }
        let Reverse(Planned { at, event }) = self.events.pop()?;
        self.now = at.0;
        Some(event)
    }
}
