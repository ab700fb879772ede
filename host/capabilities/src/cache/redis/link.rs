//! The connection to Redis. While there is none, nobody waits for one: Redis counts as gone, and a task of its own looks
//! for it.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use redis::{ErrorKind, RedisError, ServerErrorKind};
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};
use uuid::Uuid;

use super::address::{Address, Connection};

/// How long is waited before Redis is looked for again: the first time, and at most.
const PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How often is looked whether answers still belong to what was asked. A byte that is altered on its way may have Redis
/// answer more, or less, than it was asked.
const LOOK: Duration = Duration::from_secs(2);

/// The connection, if there is one.
pub struct Link {
    address: Address,
    timeout: Duration,
    /// What it means that there is none.
    without: &'static str,
    state: RwLock<State>,
    lost: Notify,
    doubted: Notify,
}

#[derive(Default)]
struct State {
    connection: Option<Connection>,
    /// How many connections there have been: what failed on an old one says nothing of the present one.
    number: u64,
    /// Why there is none.
    why: String,
}

impl Link {
    /// Without a connection yet: `keep` makes it. `timeout` is how long an answer may take; `without` says in the log
    /// what it means that there is no Redis.
    pub fn new(address: Address, timeout: Duration, without: &'static str) -> Arc<Self> {
        let state = State { why: "not connected yet".into(), ..State::default() };
        let (lost, doubted) = (Notify::new(), Notify::new());
        Arc::new(Self { address, timeout, without, state: RwLock::new(state), lost, doubted })
    }

    /// Asks Redis; `None`: it counts as gone, at the latest now. A question that it does not answer in time makes it so;
    /// an answer that only says no does not.
    pub async fn ask<T, Q>(&self, question: impl FnOnce(Connection) -> Q) -> Option<Result<T, RedisError>>
    where
        Q: Future<Output = Result<T, RedisError>>,
    {
        let (number, connection) = {
            let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
            (state.number, state.connection.clone()?)
        };
        match timeout(self.timeout, question(connection)).await {
            Ok(Err(error)) if is_gone(&error) => self.lose(number, &told(&error)),
            Ok(answer) => return Some(answer),
            Err(_) => self.lose(number, &format!("no answer within {} ms", self.timeout.as_millis())),
        }
        None
    }

    /// Something was answered that cannot be right: looks soon whether other answers are.
    pub fn doubt(&self) {
        self.doubted.notify_one();
    }

    /// Asks for a word that was never asked for before. Where anything else comes back, no answer on this connection is
    /// to be believed.
    async fn look(&self) {
        let number = self.state.read().unwrap_or_else(PoisonError::into_inner).number;
        let word = Uuid::new_v4().simple().to_string();
        let ask = async |mut connection: Connection| redis::cmd("ECHO").arg(&word).query_async(&mut connection).await;
        let said: Option<Result<String, RedisError>> = self.ask(ask).await;
        if said.is_some_and(|said| said.ok() != Some(word)) {
            self.lose(number, "its answers do not belong to what it was asked");
        }
    }

    /// Why there is no connection.
    pub fn why(&self) -> String {
        self.state.read().unwrap_or_else(PoisonError::into_inner).why.clone()
    }

    fn lose(&self, number: u64, why: &str) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if state.number == number && state.connection.take().is_some() {
            state.why = why.into();
            tracing::warn!(name: "redis.lost", "redis is gone: {why}; {} until it is back", self.without);
            self.lost.notify_one();
        }
    }

    /// Looks for Redis whenever there is no connection. `greet` has the first word on each, before anybody uses it, and
    /// another after that, for what came up meanwhile. `tried` is told of every try.
    pub async fn keep<G: Future<Output = Result<(), RedisError>>>(
        self: Arc<Self>,
        greet: impl Fn(Connection) -> G,
        tried: Arc<Notify>,
    ) {
        let mut pause = PAUSE;
        loop {
            let begun = Instant::now();
            let connect = async {
                let mut connection = self.address.connect(self.timeout).await?;
                // A server that stands still takes connections, too.
                redis::cmd("PING").exec_async(&mut connection).await?;
                greet(connection.clone()).await.map(|()| connection)
            };
            // Connecting, asking, greeting: each may take as long as an answer.
            let why = match timeout(self.timeout * 3, connect).await {
                Ok(Ok(connection)) => {
                    let number = self.take(connection);
                    if number > 1 {
                        tracing::info!(name: "redis.back", "redis is back");
                    }
                    tried.notify_one();
                    // What goes wrong now goes wrong for others as well, who tell.
                    let _ = self.ask(&greet).await;
                    loop {
                        tokio::select! {
                            () = self.lost.notified() => break,
                            () = self.doubted.notified() => self.look().await,
                            () = sleep(LOOK) => self.look().await,
                        }
                    }
                    // A connection that fails as soon as it is there is not asked for again and again.
                    pause = if begun.elapsed() > LONGEST_PAUSE { PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
                    sleep(pause).await;
                    continue;
                }
                Ok(Err(error)) => told(&error),
                Err(_) => "it does not answer".into(),
            };
            self.state.write().unwrap_or_else(PoisonError::into_inner).why = why;
            tried.notify_one();
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn take(&self, connection: Connection) -> u64 {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.connection = Some(connection);
        state.number += 1;
        state.number
    }

    /// Where Redis is.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// How long is waited for an answer.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }
}

/// Whether Redis, or this server of it, cannot be used at present.
fn is_gone(error: &RedisError) -> bool {
    match error.kind() {
        ErrorKind::Io
        | ErrorKind::Parse
        | ErrorKind::AuthenticationFailed
        | ErrorKind::ClusterConnectionNotFound
        | ErrorKind::MasterNameNotFoundBySentinel
        | ErrorKind::EmptySentinelList => true,
        // A replica now, after a master's place was taken; or a server that is not ready yet.
        ErrorKind::Server(kind) => matches!(
            kind,
            ServerErrorKind::ReadOnly
                | ServerErrorKind::BusyLoading
                | ServerErrorKind::MasterDown
                | ServerErrorKind::ClusterDown
        ),
        _ => false,
    }
}

/// An error in short: what Redis says may repeat what it was sent.
fn told(error: &RedisError) -> String {
    match error.is_io_error() {
        true => error.to_string(),
        false => error.category().to_string(),
    }
}
