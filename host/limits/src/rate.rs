//! How calls are counted by a rule: whole numbers alone, so that `check.lua` comes to the same. What was never asked
//! about is as what has not been asked about for long enough, so what Redis lets expire is not missed.

use crate::{Algorithm, Name};

/// Largest number that is counted to. Redis counts in scripts with floating point: sums of two of these are exact.
pub const MOST: u64 = 1 << 52;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    pub name: Name,
    pub routes: Vec<Name>,
    pub algorithm: Algorithm,
    pub limit: u64,
    /// In milliseconds.
    pub window: u64,
    /// Of a token bucket; of others the limit.
    pub burst: u64,
}

/// What is kept of what one tenant asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// When the window began; when the bucket was looked at. Milliseconds since 1970.
    pub at: u64,
    /// Calls in the window; in the bucket, tokens times the window, so that there are no fractions.
    pub count: u64,
    /// Calls in the window before.
    pub before: u64,
}

impl Rule {
    /// What is so now. A clock that was set back by up to a window does not give a window anew.
    pub fn settle(&self, kept: Option<State>, now: u64) -> State {
        if self.algorithm == Algorithm::TokenBucket {
            let full = self.burst * self.window;
            let count = kept.map_or(full, |kept| {
                let (missing, elapsed) = (full.saturating_sub(kept.count), now.saturating_sub(kept.at));
                // A clock that was set back by more than a window says nothing of how much came since.
                let is_known = kept.at <= now + self.window;
                // Sooner than full, the product is small.
                let is_short = elapsed < missing.div_ceil(self.limit);
                if is_known && is_short { kept.count + elapsed * self.limit } else { full }
            });
            return State { at: now, count, before: 0 };
        }
        let start = now - now % self.window;
        match kept {
            Some(kept) if (start..=start + self.window).contains(&kept.at) => kept,
            Some(kept) if kept.at + self.window == start && self.algorithm == Algorithm::SlidingWindow => {
                State { at: start, count: 0, before: kept.count }
            }
            _ => State { at: start, count: 0, before: 0 },
        }
    }

    /// Milliseconds until so many calls may come; `None`: never.
    pub fn wait(&self, state: &State, now: u64, calls: u64) -> Option<u64> {
        let State { at, count, before } = *state;
        if calls > self.burst {
            return None;
        }
        let (window, end) = (self.window, (at + self.window).saturating_sub(now));
        let wait = match self.algorithm {
            Algorithm::TokenBucket => (calls * window).saturating_sub(count).div_ceil(self.limit),
            Algorithm::FixedWindow if count + calls <= self.limit => 0,
            Algorithm::FixedWindow => end,
            Algorithm::SlidingWindow => match self.limit.checked_sub(count + calls) {
                Some(room) if before * (window - now.saturating_sub(at)) <= room * window => 0,
                // Until so little of the window before counts that there is room,
                Some(room) => end - room * window / before,
                // or as little of this one, when that is the one before.
                None => end + window - ((self.limit - calls) * window / count).min(window),
            },
        };
        Some(wait)
    }

    /// Calls that may come now.
    pub fn remaining(&self, state: &State, now: u64) -> u64 {
        match self.algorithm {
            Algorithm::TokenBucket => state.count / self.window,
            Algorithm::FixedWindow => self.limit.saturating_sub(state.count),
            Algorithm::SlidingWindow => {
                let before = state.before * (self.window - now.saturating_sub(state.at));
                self.limit.saturating_sub(state.count + before.div_ceil(self.window))
            }
        }
    }

    /// Milliseconds until more calls may come than now.
    pub fn reset(&self, state: &State, now: u64) -> u64 {
        let remaining = self.remaining(state, now);
        if remaining >= self.burst { 0 } else { self.wait(state, now, remaining + 1).unwrap_or_default() }
    }

    /// Takes calls that may come.
    pub fn take(&self, state: &mut State, calls: u64) {
        match self.algorithm {
            Algorithm::TokenBucket => state.count -= calls * self.window,
            Algorithm::FixedWindow | Algorithm::SlidingWindow => state.count += calls,
        }
    }
}
