//! Threads for work that waits for a disk, or computes for long.

use std::{io, thread};

#[cfg(target_os = "linux")]
use thread_priority::{
    NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy, thread_native_id,
};
use tokio::{
    sync::oneshot,
    task::{JoinError, spawn_blocking},
};

/// Has this thread, for good, get what others leave of the processors.
pub fn step_back() {
    // Linux takes the processor from such a thread as soon as one of another policy wants it. One that is nice, however
    // nice, has first what it was given at once: milliseconds. A thread that stays as it was is no fault.
    #[cfg(target_os = "linux")]
    {
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        let _ = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle);
    }
}

/// Does work on one of the runtime's threads for it. Such a thread is made when there is none, has the priority of whoever
/// makes it, and does the work of others later: so a thread of the runtime makes it, whatever the priority of whoever asks.
pub(crate) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, JoinError> {
    tokio::spawn(async { spawn_blocking(work).await }).await?
}

/// Does work on a thread of its own that has stepped back: for much that is written at once, which Linux does for
/// milliseconds before it looks who else wants the processor.
pub(crate) async fn run_behind<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    let (done, is_done) = oneshot::channel();
    thread::Builder::new().name("behind".into()).spawn(move || {
        step_back();
        drop(done.send(work()));
    })?;
    is_done.await.map_err(|_| io::Error::other("the thread that did it panicked"))
}
