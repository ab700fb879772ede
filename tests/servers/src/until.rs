//! Waiting, with an end to it.

use std::time::{Duration, Instant};

/// How long is waited between two looks.
const PAUSE: Duration = Duration::from_millis(5);

/// Waits until something is so; tells how long that took.
pub async fn until(what: &str, limit: Duration, mut is_so: impl AsyncFnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while begun.elapsed() < limit {
        if is_so().await {
            return begun.elapsed();
        }
        tokio::time::sleep(PAUSE).await;
    }
    panic!("{what}: not so within {limit:?}");
}
