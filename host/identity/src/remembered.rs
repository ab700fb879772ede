//! What was read from a store, for as long as it may be believed.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use astlas_atlas::ports::Unavailable;
use moka::sync::Cache;
use tokio::time::{Instant, timeout};

/// Values in memory. What is asked for most stays; guesses push none of it out.
const VALUES: u64 = 10_000;
/// How long a read may take. Somebody waits for it with a request.
const READ_LIMIT: Duration = Duration::from_secs(3);
/// How long a store that was out of reach is not asked again for the same value: whoever comes meanwhile need not wait.
const PAUSE: Duration = Duration::from_secs(5);

/// For how long a store's answers are believed.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// A value that is there.
    pub known: Duration,
    /// That there is none.
    pub unknown: Duration,
    /// A value that is there, while the store is out of reach.
    pub grace: Duration,
}

/// Values by name.
pub struct Remembered<T> {
    slots: Cache<String, Arc<Slot<T>>>,
    times: Times,
}

struct Slot<T> {
    last: Mutex<Last<T>>,
    /// Whose turn it is to ask the store: all others want the same answer.
    turn: tokio::sync::Mutex<()>,
}

/// What the store said last.
struct Last<T> {
    value: Option<(Instant, Option<Arc<T>>)>,
    /// Since then it was out of reach.
    failed: Option<(Instant, Unavailable)>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self { last: Mutex::new(Last { value: None, failed: None }), turn: tokio::sync::Mutex::default() }
    }
}

impl<T: Send + Sync + 'static> Remembered<T> {
    pub fn new(times: Times) -> Self {
        // What nobody has asked for during the grace could not be believed any more.
        let idle = times.grace.max(times.known).max(times.unknown);
        Self { slots: Cache::builder().max_capacity(VALUES).time_to_idle(idle).build(), times }
    }

    /// The value of a name, from memory or by `read`; `None`: there is none.
    pub async fn get(
        &self,
        name: &str,
        read: impl Future<Output = Result<Option<T>, Unavailable>>,
    ) -> Result<Option<Arc<T>>, Unavailable> {
        let slot = self.slots.get_with_by_ref(name, Arc::default);
        if let Some(value) = slot.last().fresh(&self.times) {
            return Ok(value);
        }
        let failed = slot.last().failed.clone();
        let _turn = match (slot.turn.try_lock(), failed) {
            (Ok(turn), _) => turn,
            // Somebody is finding out whether the store is back; that may take long.
            (Err(_), Some((_, error))) => return slot.last().stale(&self.times).ok_or(error),
            (Err(_), None) => slot.turn.lock().await,
        };
        {
            let last = slot.last();
            if let Some(value) = last.fresh(&self.times) {
                return Ok(value);
            }
            if let Some((since, error)) = &last.failed
                && since.elapsed() < PAUSE
            {
                return last.stale(&self.times).ok_or_else(|| error.clone());
            }
        }
        let read = timeout(READ_LIMIT, read).await;
        let now = Instant::now();
        let mut last = slot.last();
        match read.unwrap_or_else(|_| Err(Unavailable(format!("{name}: no answer in {READ_LIMIT:?}")))) {
            Ok(value) => {
                let value = value.map(Arc::new);
                *last = Last { value: Some((now, value.clone())), failed: None };
                Ok(value)
            }
            Err(error) => {
                tracing::warn!(error = %error, "tenants and keys are out of reach");
                last.failed = Some((now, error.clone()));
                last.stale(&self.times).ok_or(error)
            }
        }
    }

    /// Has a name read again by whoever asks for it next.
    pub fn forget(&self, name: &str) {
        self.slots.invalidate(name);
    }
}

impl<T> Slot<T> {
    fn last(&self) -> MutexGuard<'_, Last<T>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Last<T> {
    /// What is believed as it is.
    fn fresh(&self, times: &Times) -> Option<Option<Arc<T>>> {
        let (read, value) = self.value.as_ref()?;
        let life = if value.is_some() { times.known } else { times.unknown };
        (read.elapsed() < life).then(|| value.clone())
    }

    /// What is believed while the store is out of reach: a value that was there, but not that there was none.
    fn stale(&self, times: &Times) -> Option<Option<Arc<T>>> {
        let (read, value) = self.value.as_ref()?;
        (value.is_some() && read.elapsed() < times.grace).then(|| value.clone())
    }
}
