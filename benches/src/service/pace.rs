//! Load that comes at its own pace, however long the answers take.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};

use super::client::Client;

/// Questions at regular times.
#[derive(Clone, Copy)]
pub struct Pace {
    pub per_second: usize,
    pub seconds: usize,
    /// Connections; those who have to wait for an answer ask the next question late.
    pub callers: usize,
}

/// Asks at this pace, with these credentials; the 50th and 99th percentile of the time from when a question was due to
/// its answer, in milliseconds.
pub fn paced(
    service: &Client,
    path: &str,
    pace: Pace,
    key: &str,
    body: &(impl Fn(usize) -> String + Sync),
) -> Result<(f64, f64)> {
    let begun = Instant::now();
    let took = thread::scope(|scope| {
        let callers: Vec<_> = (0..pace.callers)
            .map(|caller| {
                scope.spawn(move || {
                    let agent = super::client::agent();
                    let mut took = vec![];
                    for turn in (caller..pace.per_second * pace.seconds).step_by(pace.callers) {
                        let due = begun + Duration::from_secs(1) * turn as u32 / pace.per_second as u32;
                        thread::sleep(due.saturating_duration_since(Instant::now()));
                        let request = agent.post(format!("{}{path}", service.address)).header("x-api-key", key);
                        let mut answer = request.header("content-type", "application/json").send(body(turn))?;
                        let said = answer.body_mut().read_to_vec()?;
                        ensure!(answer.status() == 200, "{}", String::from_utf8_lossy(&said));
                        took.push(due.elapsed().as_secs_f64() * 1e3);
                    }
                    Ok(took)
                })
            })
            .collect();
        let took =
            callers.into_iter().map(|caller| caller.join().map_err(|_| anyhow::format_err!("a caller panicked"))?);
        took.collect::<Result<Vec<Vec<f64>>>>()
    })?;
    let mut took = took.concat();
    took.sort_unstable_by(f64::total_cmp);
    let percentile = |percent: usize| took.get((took.len() * percent).div_ceil(100).saturating_sub(1)).copied();
    Ok((percentile(50).unwrap_or(f64::NAN), percentile(99).unwrap_or(f64::NAN)))
}
