//! A queue in this process. What is in it is lost with the process.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use astlas_atlas::ports::Unavailable;
use bytes::Bytes;
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

use super::{Failed, message};

/// Messages of one tenant that may wait: those of a repository of a million files, a hundred in each. Who publishes more is
/// told to come back.
const TENANT_ROOM: usize = 10_000;
/// Messages of all that may: ten tenants may do their worst.
const ROOM: usize = 100_000;
/// Times a message is handed out before it is given up: for three quarters of an hour. Where the process is to end, nobody
/// waits that long: for three seconds.
const TRIES: u32 = 20;
const LAST_TRIES: u32 = 5;
/// How long is waited before the first time more; then twice as long each time, and at most.
const PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// A message that waits.
struct Message {
    tenant: Arc<str>,
    data: Vec<u8>,
    /// How often it was handed out.
    tries: u32,
    /// When it was published.
    since: Instant,
}

/// Messages, waiting.
#[derive(Default)]
pub struct Queue {
    state: Mutex<State>,
    /// Something that whoever works has to look at.
    changed: Notify,
    /// One works at a time.
    turn: tokio::sync::Mutex<()>,
    /// How many were handed out.
    number: AtomicU64,
}

#[derive(Default)]
struct State {
    /// Those that nobody has tried yet, at least one of each tenant here: tenants by turns, each one's own in their order.
    ready: VecDeque<(Arc<str>, VecDeque<Message>)>,
    /// Those that are to be handed out again, and when.
    later: BTreeMap<(Instant, u64), Message>,
    /// Whether the one before was new: of both kinds, each has its turn.
    was_new: bool,
    is_hurried: bool,
    is_closed: bool,
}

impl Queue {
    /// Takes all messages or none.
    pub fn publish(&self, tenant: &str, messages: Vec<Vec<u8>>) -> Result<(), Unavailable> {
        let mut state = self.state();
        if state.is_closed {
            return Err(closed());
        }
        if messages.is_empty() {
            return Ok(());
        }
        let (own, all) = (state.waiting_of(tenant), state.waiting());
        if own + messages.len() > TENANT_ROOM {
            return Err(Unavailable(format!("{own} jobs are waiting already")));
        }
        if all + messages.len() > ROOM {
            return Err(Unavailable(format!("{all} jobs of all tenants are waiting already")));
        }
        let (tenant, since): (Arc<str>, _) = (tenant.into(), Instant::now());
        let messages = messages.into_iter().map(|data| Message { tenant: tenant.clone(), data, tries: 0, since });
        match state.ready.iter_mut().find(|(known, _)| *known == tenant) {
            Some((_, ready)) => ready.extend(messages),
            None => {
                let messages = messages.collect();
                state.ready.push_back((tenant, messages));
            }
        }
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// The end is near: what waits to be handed out again is at once, and what fails is given up soon.
    pub fn hurry(&self) {
        let mut state = self.state();
        state.is_hurried = true;
        let now = Instant::now();
        let later = std::mem::take(&mut state.later);
        state.later = later.into_iter().map(|((_, number), message)| ((now, number), message)).collect();
        drop(state);
        self.changed.notify_one();
    }

    pub fn close(&self) {
        self.hurry();
        self.state().is_closed = true;
        self.changed.notify_one();
    }

    pub fn waiting(&self) -> usize {
        self.state().waiting()
    }

    /// How long the oldest message could have been handed out by now.
    pub fn age(&self) -> Duration {
        self.state().age()
    }

    pub fn check(&self) -> Result<(), Unavailable> {
        if self.state().is_closed { Err(closed()) } else { Ok(()) }
    }

    pub async fn work<W, G>(&self, work: impl Fn(Bytes) -> W, give_up: impl Fn(Bytes, Failed) -> G)
    where
        W: Future<Output = Result<(), Failed>>,
        G: Future<Output = Result<(), Failed>>,
    {
        let _turn = self.turn.lock().await;
        while let Some(mut message) = self.next().await {
            let number = self.number.fetch_add(1, Ordering::Relaxed);
            let body = message::pushed(number, &message.tenant, &message.data);
            let Err(failed) = work(body.clone()).await else { continue };
            message.tries = message.tries.saturating_add(1);
            let is_hurried = self.state().is_hurried;
            if message.tries >= if is_hurried { LAST_TRIES } else { TRIES } {
                tracing::error!(
                    name: "events.given_up", "a message is given up after {} tries: {failed}", message.tries
                );
                match give_up(body, failed).await {
                    Ok(()) => continue,
                    // It is known nowhere yet that it is: it stays until it is.
                    Err(failed) if !is_hurried => {
                        tracing::warn!(name: "events.again", "nor can that be written down: {failed}");
                    }
                    Err(failed) => {
                        tracing::error!(name: "events.lost", "nor could that be written down: {failed}");
                        continue;
                    }
                }
            } else {
                tracing::warn!(name: "events.again", "a message is handed out again: {failed}");
            }
            let pause = PAUSE.saturating_mul(2u32.saturating_pow(message.tries - 1)).min(LONGEST_PAUSE);
            // The others go on meanwhile.
            self.state().later.insert((Instant::now() + pause, number), message);
        }
    }

    /// The message whose turn it is, as soon as there is one; `None`: there will be none any more.
    async fn next(&self) -> Option<Message> {
        loop {
            let due = {
                let mut state = self.state();
                if let Some(message) = state.take() {
                    return Some(message);
                }
                let due = state.later.first_key_value().map(|((due, _), _)| *due);
                if due.is_none() && state.is_closed {
                    return None;
                }
                due
            };
            match due {
                Some(due) => tokio::select! {
                    () = sleep_until(due) => {}
                    () = self.changed.notified() => {}
                },
                None => self.changed.notified().await,
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn waiting(&self) -> usize {
        self.ready.iter().map(|(_, ready)| ready.len()).sum::<usize>() + self.later.len()
    }

    fn waiting_of(&self, tenant: &str) -> usize {
        let ready = self.ready.iter().find(|(known, _)| &**known == tenant).map_or(0, |(_, ready)| ready.len());
        ready + self.later.values().filter(|message| &*message.tenant == tenant).count()
    }

    fn age(&self) -> Duration {
        let new = self.ready.iter().filter_map(|(_, ready)| ready.front()).map(|message| message.since);
        let due = self.later.first_key_value().map(|((due, _), _)| *due);
        // What is due later has no age yet.
        new.chain(due).map(|since| since.elapsed()).max().unwrap_or_default()
    }

    fn take(&mut self) -> Option<Message> {
        let now = Instant::now();
        let is_due = self.later.first_key_value().is_some_and(|((due, _), _)| *due <= now);
        let is_turn_of_new = !is_due || !self.was_new;
        self.was_new = is_turn_of_new && !self.ready.is_empty();
        match self.was_new {
            true => self.take_new(),
            false if is_due => self.later.pop_first().map(|(_, message)| message),
            false => None,
        }
    }

    /// The next one of the tenant whose turn it is, which is the last in line then.
    fn take_new(&mut self) -> Option<Message> {
        let (tenant, mut ready) = self.ready.pop_front()?;
        let message = ready.pop_front();
        if !ready.is_empty() {
            self.ready.push_back((tenant, ready));
        }
        message
    }
}

fn closed() -> Unavailable {
    Unavailable("the service is being stopped".into())
}
