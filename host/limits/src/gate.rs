//! Places that tenants share, handed out fairly. What is free goes to the waiting tenant that has the fewest places for its
//! weight; among equals, to the one whose turn it is: turns are taken by weight, too (stride scheduling: Waldspurger and
//! Weihl, 1995). So while others wait, nobody has more than its share, however long its work takes and however many of
//! its requests wait; and a gate with one place still gives turns by weight.

use std::{
    collections::{BTreeMap, VecDeque},
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use astlas_capabilities::OpenError;
use tokio::sync::oneshot;

use crate::{GateSettings, Name};

/// How far a turn takes a tenant of weight 1; one of weight w gets on by a w-th of it.
const STRIDE: u128 = 1 << 32;

/// Places that tenants share. Clones are the same gate.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Inner>);

/// A place; free again when it is dropped.
#[derive(Debug)]
pub struct Permit {
    tenant: Name,
    /// None: nobody took it.
    gate: Option<Arc<Inner>>,
}

/// Too many wait already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Full {
    /// Of this tenant's requests.
    #[error("too many requests of this tenant are under way; send fewer at once")]
    Tenant,
    /// Of all requests.
    #[error("too many requests wait; try again later")]
    All,
}

#[derive(Debug)]
struct Inner {
    settings: GateSettings,
    queues: Mutex<Queues>,
}

#[derive(Debug, Default)]
struct Queues {
    /// Places that are taken.
    taken: usize,
    /// Requests in the queues; some of them may have gone away.
    waiting: usize,
    /// How far turns have come.
    turn: u128,
    /// Of those who have a place or wait for one.
    tenants: BTreeMap<Name, Queue>,
}

#[derive(Debug)]
struct Queue {
    weight: NonZeroU32,
    /// Its places.
    taken: usize,
    /// When it is its turn.
    turn: u128,
    waiting: VecDeque<oneshot::Sender<Permit>>,
}

impl Gate {
    /// Opens a gate; the error says which setting cannot be right.
    pub fn new(settings: &GateSettings) -> Result<Self, OpenError> {
        let wrong = |setting, message: &str| OpenError { setting, message: message.into() };
        if settings.places == 0 {
            return Err(wrong("gate.places", "without a place nobody ever gets in; give at least 1"));
        }
        if settings.tenant_places == Some(0) {
            return Err(wrong("gate.tenant_places", "without a place nobody ever gets in; give at least 1"));
        }
        if settings.tenant_waiting > settings.waiting {
            return Err(wrong(
                "gate.tenant_waiting",
                "more than gate.waiting: one tenant keeps all others out; give less",
            ));
        }
        Ok(Self(Arc::new(Inner { settings: settings.clone(), queues: Mutex::default() })))
    }

    /// Waits for a place. Dropping the future gives up whatever it had: its place in the queue, or one at the gate that
    /// was handed to it and not yet taken. A tenant's weight is that of its last request.
    pub async fn enter(&self, tenant: &Name, weight: NonZeroU32) -> Result<Permit, Full> {
        let handed = {
            let mut queues = self.0.lock();
            let (sender, mut handed) = oneshot::channel();
            queues.push(tenant, weight, sender);
            self.0.hand_out(&mut queues);
            match handed.try_recv() {
                Ok(permit) => return Ok(permit),
                // It is the last in its queue.
                Err(_) => queues.bound(tenant, &self.0.settings)?,
            }
            handed
        };
        // Senders are dropped after those who wait for them alone.
        handed.await.map_err(|_| Full::All)
    }

    /// Places that are taken.
    pub fn taken(&self) -> usize {
        self.0.lock().taken
    }

    /// Requests that wait.
    pub fn waiting(&self) -> usize {
        let mut queues = self.0.lock();
        queues.forget_gone();
        queues.waiting
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands out what is free, for as long as somebody waits who may have it.
    fn hand_out(self: &Arc<Self>, queues: &mut Queues) {
        let most = self.settings.tenant_places.unwrap_or(usize::MAX);
        while queues.taken < self.settings.places
            && let Some(tenant) = queues.next(most)
            && let Some(sender) = queues.pop(&tenant)
        {
            if sender.is_closed() {
                // Who waited has gone away, and no turn with it.
                queues.forget_idle(&tenant);
                continue;
            }
            queues.take(&tenant);
            let permit = Permit { tenant, gate: Some(self.clone()) };
            if let Err(mut permit) = sender.send(permit) {
                // Gone away just now. Dropping the permit must not lock again.
                permit.gate = None;
                queues.give_back(&permit.tenant);
            }
        }
    }
}

impl Queues {
    fn push(&mut self, tenant: &Name, weight: NonZeroU32, sender: oneshot::Sender<Permit>) {
        let turn = self.turn;
        let queue = self.tenants.entry(tenant.clone());
        let queue = queue.or_insert_with(|| Queue { weight, taken: 0, turn, waiting: VecDeque::new() });
        if queue.waiting.is_empty() {
            // Turns that it did not want are not saved up.
            queue.turn = queue.turn.max(turn);
        }
        queue.weight = weight;
        queue.waiting.push_back(sender);
        self.waiting += 1;
    }

    fn pop(&mut self, tenant: &Name) -> Option<oneshot::Sender<Permit>> {
        let sender = self.tenants.get_mut(tenant)?.waiting.pop_front()?;
        self.waiting -= 1;
        Some(sender)
    }

    /// Who is to have the next place, of those who have fewer than `most`.
    fn next(&self, most: usize) -> Option<Name> {
        let waits = |(_, queue): &(&Name, &Queue)| !queue.waiting.is_empty() && queue.taken < most;
        let share = |queue: &Queue, other: &Queue| queue.taken as u128 * u128::from(other.weight.get());
        let order = |(_, one): &(&Name, &Queue), (_, other): &(&Name, &Queue)| {
            share(one, other).cmp(&share(other, one)).then(one.turn.cmp(&other.turn))
        };
        self.tenants.iter().filter(waits).min_by(order).map(|(tenant, _)| tenant.clone())
    }

    fn take(&mut self, tenant: &Name) {
        let Some(queue) = self.tenants.get_mut(tenant) else { return };
        queue.taken += 1;
        self.taken += 1;
        self.turn = self.turn.max(queue.turn);
        queue.turn += STRIDE / u128::from(queue.weight.get());
    }

    fn give_back(&mut self, tenant: &Name) {
        let Some(queue) = self.tenants.get_mut(tenant) else { return };
        queue.taken -= 1;
        self.taken -= 1;
        self.forget_idle(tenant);
    }

    fn forget_idle(&mut self, tenant: &Name) {
        if self.tenants.get(tenant).is_some_and(|queue| queue.taken == 0 && queue.waiting.is_empty()) {
            self.tenants.remove(tenant);
        }
    }

    /// Takes those out of the queues who have gone away.
    fn forget_gone(&mut self) {
        for queue in self.tenants.values_mut() {
            queue.waiting.retain(|sender| !sender.is_closed());
        }
        self.tenants.retain(|_, queue| queue.taken > 0 || !queue.waiting.is_empty());
        self.waiting = self.tenants.values().map(|queue| queue.waiting.len()).sum();
    }

    /// Takes the last in a queue out again if too many wait.
    fn bound(&mut self, tenant: &Name, settings: &GateSettings) -> Result<(), Full> {
        let is_full = |queues: &Self| {
            let own = queues.tenants.get(tenant).map_or(0, |queue| queue.waiting.len());
            match own > settings.tenant_waiting {
                true => Some(Full::Tenant),
                false => (queues.waiting > settings.waiting).then_some(Full::All),
            }
        };
        if is_full(self).is_none() {
            return Ok(());
        }
        self.forget_gone();
        let Some(full) = is_full(self) else { return Ok(()) };
        if let Some(queue) = self.tenants.get_mut(tenant)
            && queue.waiting.pop_back().is_some()
        {
            self.waiting -= 1;
        }
        self.forget_idle(tenant);
        Err(full)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(gate) = self.gate.take() {
            let mut queues = gate.lock();
            queues.give_back(&self.tenant);
            gate.hand_out(&mut queues);
        }
    }
}
