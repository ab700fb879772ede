//! Two lanes to compute in. What is short is done at once; what turns out to be long goes on in the batch lane, on
//! threads that get what the others leave of the processor, a few instances at a time and each tenant in its turn. So
//! whoever asks for much does not keep waiting who asks for little, and nobody has to know beforehand which is which.

use std::{
    cell::Cell,
    future::poll_fn,
    num::NonZeroU32,
    ops::ControlFlow,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context as TaskContext, Poll, Wake, Waker, ready},
    thread,
    time::Duration,
};

use anyhow::{Context, Result};
use astlas_engine::{Runtime as Stages, Watch};
use astlas_limits::{Gate, GateSettings, Name};
use rustix::time::{ClockId, clock_gettime};
use tokio::{
    runtime::{Builder, Runtime},
    sync::oneshot,
    task::{AbortHandle, JoinHandle},
};

/// Processor time after which work is long.
const SHORT: Duration = Duration::from_millis(20);
/// How nice threads of the batch lane are: beside threads of the usual priority they get a thirtieth of a core.
const NICE: i32 = 15;

thread_local! {
    /// Whether this thread is one of the batch lane.
    static IS_BATCH: Cell<bool> = const { Cell::new(false) };
}

/// Where long work is done. The other lane is the runtime that one is called from.
pub struct Lanes {
    batch: Option<Runtime>,
    /// Instances that compute in the batch lane.
    turns: Gate,
}

/// A tenant, and its weight.
pub type Whose = (Name, NonZeroU32);
/// What is to be done.
pub type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Lanes {
    pub fn new() -> Result<Self> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let batch = Builder::new_multi_thread()
            .enable_all()
            .thread_name("batch")
            .on_thread_start(enter_batch)
            .build()
            .context("starting the threads for long work")?;
        // All that come here have a place with their function already: nobody is refused.
        let turns =
            GateSettings { places: cores, tenant_places: None, waiting: usize::MAX, tenant_waiting: usize::MAX };
        Ok(Self { batch: Some(batch), turns: Gate::new(&turns)? })
    }

    /// Does work that may be short.
    pub fn spawn(self: &Arc<Self>, whose: Whose, mut work: Work) -> AbortOnDrop {
        let lanes = self.clone();
        AbortOnDrop::new(&tokio::spawn(async move {
            let mut used = Duration::ZERO;
            let is_long = poll_fn(|context| {
                let before = processor_time();
                let polled = work.as_mut().poll(context);
                used += processor_time().saturating_sub(before);
                match polled {
                    Poll::Ready(()) => Poll::Ready(false),
                    Poll::Pending if used > SHORT => Poll::Ready(true),
                    Poll::Pending => Poll::Pending,
                }
            });
            if is_long.await
                && let Some(task) = lanes.in_batch(whose, work)
            {
                let rest = AbortOnDrop::new(&task);
                // When it panicked, what it was to answer with is gone, which whoever waits sees.
                let _ = task.await;
                rest.disarm();
            }
        }))
    }

    /// Does work that is long.
    pub fn spawn_long(self: &Arc<Self>, whose: Whose, work: Work) -> AbortOnDrop {
        AbortOnDrop(self.in_batch(whose, work).map(|task| task.abort_handle()))
    }

    fn in_batch(self: &Arc<Self>, whose: Whose, work: Work) -> Option<JoinHandle<()>> {
        let lanes = self.clone();
        Some(self.batch.as_ref()?.spawn(async move { lanes.by_turns(whose, work).await }))
    }

    /// Polls a future when it is its tenant's turn. A turn is for one poll: whoever waits for something has none, and who
    /// wants to go on at once is in line again before anybody else has the next turn.
    async fn by_turns(&self, (tenant, weight): Whose, mut work: Work) {
        let wanting = Arc::new(Wanting { is_so: AtomicBool::new(true), task: Mutex::default() });
        let waker = wanting.clone().into();
        let (mut line, mut turn) = (None, None);
        poll_fn(|context| {
            *wanting.task() = Some(context.waker().clone());
            if turn.is_none() {
                if line.is_none() && !wanting.is_so.load(Ordering::Acquire) {
                    return Poll::Pending;
                }
                let entering = line.get_or_insert_with(|| Box::pin(self.turns.enter(&tenant, weight)));
                turn = Some(ready!(entering.as_mut().poll(context)));
                line = None;
            }
            wanting.is_so.store(false, Ordering::Release);
            let polled = work.as_mut().poll(&mut TaskContext::from_waker(&waker));
            turn = None;
            if polled.is_pending() && wanting.is_so.load(Ordering::Acquire) {
                let entering = line.insert(Box::pin(self.turns.enter(&tenant, weight)));
                if let Poll::Ready(entered) = entering.as_mut().poll(context) {
                    (line, turn) = (None, Some(entered));
                    // The runtime's turn comes all the same.
                    context.waker().wake_by_ref();
                }
            }
            polled
        })
        .await;
    }
}

/// Whether work in the batch lane wants to be polled.
struct Wanting {
    is_so: AtomicBool,
    task: Mutex<Option<Waker>>,
}

impl Wanting {
    fn task(&self) -> MutexGuard<'_, Option<Waker>> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Wanting {
    fn wake(self: Arc<Self>) {
        if !self.is_so.swap(true, Ordering::AcqRel)
            && let Some(task) = self.task().as_ref()
        {
            task.wake_by_ref();
        }
    }
}

impl Drop for Lanes {
    fn drop(&mut self) {
        if let Some(batch) = self.batch.take() {
            batch.shutdown_background();
        }
    }
}

/// Has a stage compute, for as long as this is waited for: on a thread of the lane that it is called from. One that is
/// there for short work leaves for the batch lane by itself when it was long.
pub async fn compute<T: Send + 'static>(
    stages: &Stages,
    call: impl FnOnce(&Stages) -> T + Send + 'static,
) -> wasmtime::Result<T> {
    let awaited = Awaited(Arc::new(AtomicBool::new(true)));
    let stages = stages.watched_by(Arc::new(Attended(awaited.0.clone())));
    let call = move || call(&stages);
    if IS_BATCH.get() {
        return Ok(tokio::task::spawn_blocking(call).await?);
    }
    let (answer, answered) = oneshot::channel();
    let run = move || drop(answer.send(call()));
    // Of its own, because what was lowered cannot be raised again.
    thread::Builder::new().name("stage".into()).spawn(run)?;
    answered.await.map_err(|_| wasmtime::format_err!("the thread of a stage panicked"))
}

/// Whoever waits for a stage; until this is dropped.
struct Awaited(Arc<AtomicBool>);

impl Drop for Awaited {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Ends a stage that nobody waits for, and lowers the priority of the thread of one that is long.
struct Attended(Arc<AtomicBool>);

impl Watch for Attended {
    fn look(&self) -> ControlFlow<()> {
        if !IS_BATCH.get() && processor_time() > SHORT {
            enter_batch();
        }
        match self.0.load(Ordering::Relaxed) {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    }
}

/// Makes this thread one of the batch lane, for good.
fn enter_batch() {
    IS_BATCH.set(true);
    // Linux has priorities of threads. A thread that keeps its own is no fault.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, NICE);
}

/// What this thread has had of a processor.
fn processor_time() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap_or_default()
}

/// Stops a task when it is dropped, unless it is disarmed before.
pub struct AbortOnDrop(Option<AbortHandle>);

impl AbortOnDrop {
    fn new<T>(task: &JoinHandle<T>) -> Self {
        Self(Some(task.abort_handle()))
    }

    /// Lets the task go on.
    pub fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

#[cfg(test)]
mod tests;
