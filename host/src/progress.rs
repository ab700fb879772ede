//! A progress bar on stderr: only on a terminal, and only once the work has taken a while.

use std::{
    cell::OnceCell,
    time::{Duration, Instant},
};

use astlas_atlas::ports::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// Work shorter than this needs no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// Shows how many files are done.
pub struct Bar {
    shown: bool,
    started: Instant,
    bar: OnceCell<ProgressBar>,
}

impl Bar {
    /// A bar that is only drawn if `shown`.
    pub fn new(shown: bool) -> Self {
        Self { shown, started: Instant::now(), bar: OnceCell::new() }
    }
}

impl Progress for Bar {
    fn files(&self, done: usize, total: usize) {
        if !self.shown || self.bar.get().is_none() && self.started.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let style = ProgressStyle::with_template("parsing {bar:30} {pos}/{len} files, {eta} left");
            ProgressBar::new(total as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        bar.set_position(done as u64);
        if done == total {
            bar.finish_and_clear();
        }
    }
}
