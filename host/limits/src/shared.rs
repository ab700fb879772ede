//! Counting in a Redis that instances share, for as long as it is there.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use astlas_capabilities::redis::{Connection, Link};
use redis::{FromRedisValue, ScriptInvocation};
use tokio::{
    sync::Notify,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    Ask, Decision, Name,
    ledger::{Entry, Ledger},
    owed::Owed,
    plan::Plan,
    scripts::{Scripts, decided},
    together::Together,
};

/// How long is waited before a Redis that is gone is told again what it is owed.
const PAUSE: Duration = Duration::from_millis(100);

/// A Redis that may be gone.
pub struct Shared {
    asking: Arc<Asking>,
    together: Arc<Together>,
    /// Look for Redis and tell it what it is owed; they end with this.
    _tasks: JoinSet<()>,
}

/// Whoever asks it.
pub struct Asking {
    link: Arc<Link>,
    scripts: Scripts,
    owed: Owed,
    /// Whether it is there and did not count the last time.
    refuses: AtomicBool,
}

/// Redis did not count.
#[derive(Clone, Copy, Debug)]
pub struct Gone {
    /// Whether it may have done so all the same.
    pub is_unknown: bool,
}

impl Shared {
    /// Looks for Redis, once, and from then on whenever it is gone. It need not be there.
    pub async fn open(link: Arc<Link>, prefix: &str, owed: Owed) -> Self {
        let scripts = Scripts::new(prefix);
        let asking = Arc::new(Asking { link: link.clone(), scripts, owed, refuses: AtomicBool::new(false) });
        let tried = Arc::new(Notify::new());
        let mut tasks = JoinSet::new();
        tasks.spawn(link.clone().keep(async |_| Ok(()), tried.clone()));
        tasks.spawn(asking.clone().settle());
        // Whoever asks first finds it, if it is there.
        let _ = timeout(link.timeout(), tried.notified()).await;
        Self { asking, together: Arc::default(), _tasks: tasks }
    }

    /// Whether a request may pass; takes its calls if it may.
    pub async fn check(&self, ask: &Ask<'_>, plan: &Arc<Plan>) -> Result<Decision, Gone> {
        if matches!(ask, Ask { calls: 1, others: [], parsed_bytes: None, stored_bytes: None, .. }) {
            return self.together.call(&self.asking, ask, plan).await;
        }
        self.asking.check(ask, plan).await
    }

    /// Adds to what a tenant has used: that, and the time in milliseconds since 1970.
    pub async fn charge(&self, tenant: &Name, entry: &Entry) -> Result<(u64, Ledger), Gone> {
        let (now, ledger): (u64, Vec<u8>) = self.asking.ask(&self.asking.scripts.charged(tenant, entry)).await?;
        Ledger::read(now, &ledger).map(|ledger| (now, ledger)).ok_or(Gone { is_unknown: true })
    }

    /// Has Redis told what was used while it was gone.
    pub fn owe(&self, tenant: &Name, entry: &Entry) {
        self.asking.owed.add(tenant, entry);
    }
}

impl Asking {
    /// How long is waited for an answer.
    pub fn timeout(&self) -> Duration {
        self.link.timeout()
    }

    /// As [`Shared::check`], for this request alone.
    pub async fn check(&self, ask: &Ask<'_>, plan: &Plan) -> Result<Decision, Gone> {
        let answered: Vec<i64> = self.ask(&self.scripts.asked(ask, plan)).await?;
        decided(&answered, ask, plan).ok_or(Gone { is_unknown: true })
    }

    async fn ask<T: FromRedisValue>(&self, invocation: &ScriptInvocation<'_>) -> Result<T, Gone> {
        let mut is_sent = false;
        let sent = &mut is_sent;
        let ask = async move |mut connection: Connection| {
            *sent = true;
            invocation.invoke_async(&mut connection).await
        };
        match self.link.ask(ask).await {
            Some(Ok(answer)) => {
                self.refuses.store(false, Ordering::Relaxed);
                Ok(answer)
            }
            None => Err(Gone { is_unknown: is_sent }),
            Some(Err(error)) => {
                // It is full, say, or this user may not run scripts. Said once, for it concerns every request.
                if !self.refuses.swap(true, Ordering::Relaxed) {
                    let why = error.category();
                    tracing::warn!(name: "limits.redis.refused", "redis does not count: {why}; each instance does");
                }
                Err(Gone { is_unknown: false })
            }
        }
    }

    /// Tells Redis what it is owed, for as long as it runs. Of what gets no answer nobody knows whether it was counted, and
    /// it is not told again: a tenant never pays twice.
    async fn settle(self: Arc<Self>) {
        loop {
            let (tenant, entry) = self.owed.next().await;
            let told = self.ask::<redis::Value>(&self.scripts.charged(&tenant, &entry)).await;
            if let Err(Gone { is_unknown: false }) = told {
                self.owed.put_back(tenant, entry);
                sleep(PAUSE).await;
            }
        }
    }
}
