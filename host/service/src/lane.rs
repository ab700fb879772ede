//! Two lanes to compute in. What is short is done at once, and so is what a tenant asks for that had little lately. Of the
//! others, what turns out to be long goes on in the batch lane, on threads that get what is left of the processor, each
//! tenant in its turn. So whoever asks for much does not keep waiting who asks for little, and nobody has to know
//! beforehand which is which. Whose work turns out to be long too often begins in the batch lane.

mod credit;

use std::{
    cell::Cell,
    future::poll_fn,
    num::NonZeroU32,
    ops::ControlFlow,
    pin::Pin,
    ptr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context as TaskContext, Poll, Wake, Waker, ready},
    thread,
    time::Duration,
};

use anyhow::{Context, Result};
use astlas_capabilities::threads;
use astlas_engine::{Runtime as Stages, Watch};
use astlas_limits::{Gate, GateSettings, Name};
use credit::Credits;
use rustix::time::{ClockId, clock_gettime};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    sync::oneshot,
    task::{AbortHandle, JoinHandle},
};

/// Processor time after which work is long: more than most questions take whose answer is kept, or that are asked where
/// the repository is open.
const SHORT: Duration = Duration::from_millis(5);
/// The same for a call of a stage.
const SHORT_STAGE: Duration = Duration::from_millis(20);
thread_local! {
    /// Whether this thread is one of the batch lane.
    static IS_BATCH: Cell<bool> = const { Cell::new(false) };
    /// What a thread of a stage has been charged for.
    static CHARGED: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// Where work is done.
pub struct Lanes {
    short: Lane,
    long: Lane,
    credits: Arc<Credits>,
    /// Threads of the batch lane.
    batch: Option<Runtime>,
    /// Those of the other lane. What waits, for a disk or a server, does so there whatever it is for: at low priority it
    /// would hold a lock for longer than the others have.
    main: Handle,
}

/// What tenants share of a lane.
struct Lane {
    /// Functions that compute at this moment.
    turns: Gate,
    /// Calls of stages.
    stages: Gate,
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
        // Whoever comes here has a place with a function already, so nobody is refused.
        let gate = |places, tenant_places| {
            Gate::new(&GateSettings { places, tenant_places, waiting: usize::MAX, tenant_waiting: usize::MAX })
        };
        // A stage that turns out to be long keeps its place: there are some for others.
        let short = Lane { turns: gate(cores, None)?, stages: gate(4 * cores, Some(cores))? };
        let long = Lane { turns: gate(cores, None)?, stages: gate(4 * cores, Some(cores))? };
        Ok(Self { short, long, credits: Arc::new(Credits::new(cores)), batch: Some(batch), main: Handle::current() })
    }

    /// Does work that may be short.
    pub fn spawn(self: &Arc<Self>, whose: Whose, work: Work) -> AbortOnDrop {
        if !self.credits.is_believed(&whose.0) {
            return self.spawn_long(whose, work);
        }
        let lanes = self.clone();
        AbortOnDrop::new(&tokio::spawn(async move {
            let Some(rest) = lanes.by_turns(&lanes.short, &whose, work).await else { return };
            if let Some(task) = lanes.in_batch(whose, rest) {
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
        let work = async move { drop(lanes.by_turns(&lanes.long, &whose, work).await) };
        Some(self.batch.as_ref()?.spawn(work))
    }

    /// Polls a future when it is its tenant's turn, until it is done; in the short lane until it was long, and its tenant's
    /// work is not to be: what is left of it.
    /// A turn is for one poll. Whoever waits for something has none, and who wants to go on at once is in line again before
    /// its turn is over.
    async fn by_turns(&self, lane: &Lane, (tenant, weight): &Whose, work: Work) -> Option<Work> {
        let wanting = Arc::new(Wanting { is_so: AtomicBool::new(true), task: Mutex::default() });
        let waker = wanting.clone().into();
        let (mut work, mut used, is_short) = (Some(work), Duration::ZERO, ptr::eq(lane, &self.short));
        let (mut line, mut turn) = (None, None);
        poll_fn(|context| {
            *wanting.task() = Some(context.waker().clone());
            if turn.is_none() {
                if line.is_none() && !wanting.is_so.load(Ordering::Acquire) {
                    return Poll::Pending;
                }
                let entering = line.get_or_insert_with(|| Box::pin(lane.turns.enter(tenant, *weight)));
                turn = Some(ready!(entering.as_mut().poll(context)));
                line = None;
            }
            let Some(mut polled) = work.take() else { return Poll::Ready(None) };
            // Whoever wakes it from here on finds that it does not want anything yet.
            wanting.is_so.swap(false, Ordering::AcqRel);
            let (main, before) = (self.main.enter(), processor_time());
            let is_done = polled.as_mut().poll(&mut TaskContext::from_waker(&waker)).is_ready();
            drop(main);
            let now = processor_time().saturating_sub(before);
            used += now;
            self.credits.used(tenant, now);
            if is_done {
                return Poll::Ready(None);
            }
            if is_short && used > SHORT && !self.credits.had_little(tenant) {
                self.credits.wasted(tenant, SHORT);
                return Poll::Ready(Some(polled));
            }
            work = Some(polled);
            if wanting.is_so.load(Ordering::Acquire) {
                let entering = line.insert(Box::pin(lane.turns.enter(tenant, *weight)));
                if let Poll::Ready(entered) = entering.as_mut().poll(context) {
                    (line, turn) = (None, Some(entered));
                    // The runtime's turn comes all the same.
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
            }
            turn = None;
            Poll::Pending
        })
        .await
    }

    /// Has a stage compute, for as long as this is waited for: on a thread of the lane that it is called from. One that is
    /// there for short work leaves for the batch lane by itself when it was long.
    pub async fn compute<T: Send + 'static>(
        &self,
        (tenant, weight): Whose,
        stages: &Stages,
        call: impl FnOnce(&Stages) -> T + Send + 'static,
    ) -> wasmtime::Result<T> {
        let batch = self.batch.as_ref().filter(|_| IS_BATCH.get() || !self.credits.is_believed(&tenant));
        let lane = if batch.is_some() { &self.long } else { &self.short };
        let place = lane.stages.enter(&tenant, weight).await?;
        let awaited = Awaited(Arc::new(AtomicBool::new(true)));
        let (is_so, is_short) = (awaited.0.clone(), batch.is_none());
        let attended = Arc::new(Attended { is_so, is_short, tenant, credits: self.credits.clone() });
        let stages = stages.watched_by(attended.clone());
        let call = move || {
            let _place = place;
            // Threads of the batch lane had other calls before.
            CHARGED.set(processor_time());
            let answer = call(&stages);
            attended.charge();
            answer
        };
        if let Some(batch) = batch {
            return Ok(batch.spawn_blocking(call).await?);
        }
        let (answer, answered) = oneshot::channel();
        let run = move || drop(answer.send(call()));
        // Of its own, because what was lowered cannot be raised again.
        thread::Builder::new().name("stage".into()).spawn(run)?;
        answered.await.map_err(|_| wasmtime::format_err!("the thread of a stage panicked"))
    }
}

/// Whether work wants to be polled.
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

/// Whoever waits for a stage; until this is dropped.
struct Awaited(Arc<AtomicBool>);

impl Drop for Awaited {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Charges a stage to its tenant, and ends it when nobody waits for it. One of the short lane has the priority of its threads
/// lowered when it is long.
struct Attended {
    is_so: Arc<AtomicBool>,
    is_short: bool,
    tenant: Name,
    credits: Arc<Credits>,
}

impl Attended {
    /// Charges what this thread has had of a processor since it was charged last.
    fn charge(&self) -> Duration {
        let used = processor_time();
        self.credits.used(&self.tenant, used.saturating_sub(CHARGED.replace(used)));
        used
    }
}

impl Watch for Attended {
    fn look(&self) -> ControlFlow<()> {
        let used = self.charge();
        // A thread of the short lane is there for this stage alone.
        if self.is_short && !IS_BATCH.get() && used > SHORT_STAGE && !self.credits.had_little(&self.tenant) {
            enter_batch();
            self.credits.wasted(&self.tenant, SHORT_STAGE);
        }
        match self.is_so.load(Ordering::Relaxed) {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    }
}

/// Makes this thread one of the batch lane, for good.
fn enter_batch() {
    IS_BATCH.set(true);
    threads::step_back();
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
