//! CPU time of a piece of work and of a whole process; medians of runs that take turns.

use std::{
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use cpu_time::ThreadTime;
use wait4::Wait4;

/// Figures of several runs, sorted.
#[derive(Clone, Debug, Default)]
pub struct Runs(Vec<f64>);

impl Runs {
    pub fn push(&mut self, value: f64) {
        let at = self.0.partition_point(|known| *known < value);
        self.0.insert(at, value);
    }

    pub fn median(&self) -> f64 {
        let middle = self.0.len() / 2;
        match self.0.len() {
            0 => f64::NAN,
            length if length % 2 == 1 => self.0[middle],
            _ => f64::midpoint(self.0[middle - 1], self.0[middle]),
        }
    }

    pub fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.0.len() as f64
    }

    /// Smallest and largest.
    pub fn range(&self) -> (f64, f64) {
        (self.0.first().copied().unwrap_or(f64::NAN), self.0.last().copied().unwrap_or(f64::NAN))
    }
}

/// Seconds of CPU that this thread spends on some work, and what came out.
pub fn thread_seconds<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = ThreadTime::now();
    let answer = work();
    (start.elapsed().as_secs_f64(), answer)
}

/// What a whole process took.
#[derive(Clone, Debug, Default)]
pub struct Process {
    /// User and system CPU, in seconds.
    pub cpu: Runs,
    /// In seconds; means something on a quiet machine only.
    pub wall: Runs,
    /// Peak resident memory, in megabytes of 10^6 bytes.
    pub memory: Runs,
}

impl Process {
    /// Runs a command once and adds what it took; its output is thrown away.
    pub fn run(&mut self, command: &mut Command) -> Result<()> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let child = command.spawn().with_context(|| format!("starting {command:?}"))?;
        let ended = child.wait4()?;
        let wall = start.elapsed();
        ensure!(ended.status.success(), "{command:?} ended with {}", ended.status);
        self.cpu.push((ended.rusage.utime + ended.rusage.stime).as_secs_f64());
        self.wall.push(wall.as_secs_f64());
        self.memory.push(ended.rusage.maxrss as f64 / 1e6);
        Ok(())
    }
}
