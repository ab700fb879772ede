//! Waiting, with an end to it.

use std::{
    sync::mpsc,
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// How long is waited between two looks.
const PAUSE: Duration = Duration::from_millis(5);
/// Seconds of a day in UTC, and how many of them a test may take that counts by days.
const DAY: u64 = 86_400;
const TEST: u64 = 180;

/// Waits until something is so; tells how long that took.
pub async fn until(what: &str, limit: Duration, mut is_so: impl AsyncFnMut() -> bool) -> Duration {
    let begun = Instant::now();
    loop {
        // Before it is looked: who was held up looks once more.
        let is_late = begun.elapsed() >= limit;
        if is_so().await {
            return begun.elapsed();
        }
        assert!(!is_late, "{what}: not so within {limit:?}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// Waits for the next day if this one is about to end, for a test in which no day may: quotas and windows begin anew then.
pub fn far_from_midnight() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let left = DAY - now % DAY;
    if left < TEST {
        thread::sleep(Duration::from_secs(left + 1));
    }
}

/// Has a runtime's time, which was stopped, stand still for as long as this is kept, but where it is told to pass. Else it
/// would go on to the next moment that somebody waits for whenever all wait for what comes over a socket.
pub struct Still {
    _kept: mpsc::Sender<()>,
}

impl Still {
    /// In the runtime that this is called in.
    pub fn new() -> Self {
        let (kept, is_kept) = mpsc::channel();
        // While such a task is at work, time does not go on by itself.
        tokio::task::spawn_blocking(move || is_kept.recv());
        Self { _kept: kept }
    }
}

impl Default for Still {
    fn default() -> Self {
        Self::new()
    }
}
