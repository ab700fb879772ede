//! How much was used of late.

use std::collections::VecDeque;

use super::shape::Totals;

/// Looks that are averaged: those of a minute.
const LOOKS: usize = 12;

/// What was added up at the last looks, and when.
#[derive(Default)]
pub struct Scaler(VecDeque<(f64, Totals)>);

impl Scaler {
    /// Cores that computed, and requests that there were, on average over the last minute.
    pub fn means(&mut self, totals: &Totals, now: f64) -> (f64, f64) {
        self.0.push_back((now, *totals));
        if self.0.len() > LOOKS + 1 {
            self.0.pop_front();
        }
        let (begun, first) = self.0.front().copied().unwrap_or_default();
        let passed = now - begun;
        if passed <= 0.0 {
            return (0.0, 0.0);
        }
        ((totals.busy - first.busy) / passed, (totals.requests - first.requests) / passed)
    }
}
