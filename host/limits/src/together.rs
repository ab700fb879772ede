//! Calls that are counted together. While Redis is asked about a tenant's calls by one route, others that come wait for
//! its answer, and are then asked about as one. Each is counted as if it had asked alone, and a tenant that asks much
//! has the script run once for many calls.

use std::{
    collections::{HashMap, hash_map::Entry},
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use futures_util::future::join_all;
use tokio::{sync::oneshot, time::timeout};

use crate::{
    Ask, Decision, Name,
    plan::Plan,
    shared::{Asking, Gone},
};

/// Those who wait, by tenant and route, wherever Redis is being asked.
#[derive(Default)]
pub struct Together(Mutex<HashMap<(Name, Name), Vec<Waiting>>>);

type Waiting = oneshot::Sender<Result<Decision, Gone>>;

impl Together {
    /// Whether one call that parses and stores nothing may pass.
    pub async fn call(
        self: &Arc<Self>,
        asking: &Arc<Asking>,
        ask: &Ask<'_>,
        plan: &Arc<Plan>,
    ) -> Result<Decision, Gone> {
        let (waiting, decided) = oneshot::channel();
        let asked = (ask.tenant.clone(), ask.route.clone());
        match self.lock().entry(asked.clone()) {
            Entry::Occupied(mut others) => others.get_mut().push(waiting),
            Entry::Vacant(nobody) => {
                nobody.insert(vec![waiting]);
                // A task, so that nobody who goes away takes the others along.
                tokio::spawn(self.clone().answer(asking.clone(), asked, plan.clone()));
            }
        }
        let decided = timeout(asking.timeout(), decided).await;
        decided.ok().and_then(Result::ok).unwrap_or(Err(Gone { is_unknown: true }))
    }

    /// Asks for those who wait, until nobody does.
    async fn answer(self: Arc<Self>, asking: Arc<Asking>, asked: (Name, Name), plan: Arc<Plan>) {
        let (tenant, route) = &asked;
        let _open = Open(&self, &asked);
        while let Some(waiting) = self.next(&asked) {
            let all = Ask { calls: waiting.len() as u64, ..Ask::call(tenant, route) };
            let decided = asking.check(&all, &plan).await;
            if waiting.len() == 1 || !matches!(&decided, Ok(decision) if !decision.is_allowed) {
                waiting.into_iter().for_each(|waiting| drop(waiting.send(decided.clone())));
                continue;
            }
            // Some of them may pass.
            let alone = async |waiting: Waiting| {
                if !waiting.is_closed() {
                    let _ = waiting.send(asking.check(&Ask::call(tenant, route), &plan).await);
                }
            };
            join_all(waiting.into_iter().map(alone)).await;
        }
    }

    /// Those who wait now.
    fn next(&self, asked: &(Name, Name)) -> Option<Vec<Waiting>> {
        let mut all = self.lock();
        let mut waiting = all.get_mut(asked).map(mem::take).unwrap_or_default();
        // Who went away takes no call.
        waiting.retain(|waiting| !waiting.is_closed());
        if waiting.is_empty() {
            all.remove(asked);
            return None;
        }
        Some(waiting)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Name, Name), Vec<Waiting>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever answers. Should it panic, those who come afterwards do not wait for it.
struct Open<'a>(&'a Together, &'a (Name, Name));

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.lock().remove(self.1);
        }
    }
}
