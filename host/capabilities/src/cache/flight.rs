//! Who makes a value in this process, and who waits for it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;
use tokio::{
    sync::{Notify, watch},
    time::timeout_at,
};

/// How far the making of a value has come.
#[derive(Clone, Debug)]
enum State {
    /// It is looked for elsewhere.
    Sought,
    /// Somebody makes it, until then.
    Made(Instant),
    /// There it is, or nobody makes it any more.
    Over(Option<Bytes>),
}

/// One value, on its way.
pub struct Flight {
    state: watch::Sender<State>,
    /// Something was heard of the value from elsewhere.
    news: Notify,
    /// What the lock in Redis is opened with.
    lock: Mutex<Option<String>>,
}

/// All values on their way.
#[derive(Default)]
pub struct Flights(Mutex<BTreeMap<String, Arc<Flight>>>);

/// What somebody who wants a value finds.
pub enum Entered {
    /// Nobody is making it: the caller goes first.
    First(Arc<Flight>),
    /// Somebody is.
    Next(Arc<Flight>),
}

impl Flights {
    /// Asks for a value that is not there.
    pub fn enter(&self, key: &str) -> Entered {
        let mut flights = self.lock();
        if let Some(flight) = flights.get(key) {
            let is_late = matches!(*flight.state.borrow(), State::Made(until) if until <= Instant::now());
            if !is_late {
                return Entered::Next(flight.clone());
            }
            flight.state.send_replace(State::Over(None));
        }
        let flight = Flight { state: watch::Sender::new(State::Sought), news: Notify::new(), lock: Mutex::default() };
        let flight = Arc::new(flight);
        flights.insert(key.into(), flight.clone());
        Entered::First(flight)
    }

    /// A value is there: all who wait have it. Returns what its lock is opened with.
    pub fn fulfil(&self, key: &str, value: &Bytes) -> Option<String> {
        let flight = self.lock().remove(key)?;
        flight.over(Some(value.clone()))
    }

    /// A key is forgotten, and that somebody makes its value as well.
    pub fn forget(&self, key: &str) -> Option<String> {
        let flight = self.lock().remove(key)?;
        flight.over(None)
    }

    /// This flight is at its end without a value: another may begin. Returns what its lock is opened with.
    pub fn end(&self, key: &str, flight: &Arc<Flight>) -> Option<String> {
        let mut flights = self.lock();
        if flights.get(key).is_some_and(|current| Arc::ptr_eq(current, flight)) {
            flights.remove(key);
        }
        drop(flights);
        flight.over(None)
    }

    /// Something was heard of a key.
    pub fn tell(&self, key: &str) {
        if let Some(flight) = self.lock().get(key) {
            flight.news.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Flight>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Flight {
    /// What the lock in Redis is opened with, should it be taken: kept before it is, for whoever takes it may be stopped
    /// at any moment.
    pub fn hold(&self, lock: String) {
        *self.lock.lock().unwrap_or_else(PoisonError::into_inner) = Some(lock);
    }

    /// The caller makes the value.
    pub fn begin(&self, time: Duration) {
        self.state.send_if_modified(|state| {
            let goes_on = matches!(state, State::Sought);
            if goes_on {
                *state = State::Made(Instant::now() + time);
            }
            goes_on
        });
    }

    /// Waits until this is over: the value, if there is one.
    pub async fn wait(&self) -> Option<Bytes> {
        let mut state = self.state.subscribe();
        loop {
            let until = match &*state.borrow_and_update() {
                State::Sought => None,
                State::Made(until) => Some(*until),
                State::Over(value) => return value.clone(),
            };
            let changed = match until {
                None => state.changed().await,
                Some(until) => timeout_at(until.into(), state.changed()).await.ok()?,
            };
            changed.ok()?;
        }
    }

    /// Waits for news, for so long at most.
    pub async fn listen(&self, time: Duration) {
        // Without news it is looked as well.
        let _ = tokio::time::timeout(time, self.news.notified()).await;
    }

    fn over(&self, value: Option<Bytes>) -> Option<String> {
        self.state.send_if_modified(|state| {
            let goes_on = !matches!(state, State::Over(_));
            if goes_on {
                *state = State::Over(value);
            }
            goes_on
        });
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
