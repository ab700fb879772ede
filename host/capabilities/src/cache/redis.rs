//! The second layer that instances share: a Redis, or what speaks like one.

mod address;
mod broadcast;
mod link;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use astlas_conventions::{
    Keys, News, UNLOCK,
    form::{self, NoValue},
    lifetime,
};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use redis::{Cmd, FromRedisValue, Pipeline, RedisError, Script};
use tokio::{sync::Notify, task::JoinSet};

pub use address::{Address, Connection};
pub use link::Link;

use super::{aside::Aside, local::Local};
use crate::threads;

/// Keys asked for, or written, at once. A command keeps all other callers of a Redis waiting.
const CHUNK: usize = 256;
/// Bytes written at once, so that it does not take long.
const CHUNK_BYTES: usize = 4 << 20;
/// Longest value that is kept, in bytes. What is longer takes so long to carry that it would look as if Redis were gone.
const LONGEST: usize = 32 << 20;
/// Commands to a cluster that are under way at once: it takes pipelines for one slot alone.
const SIDE_BY_SIDE: usize = 64;
/// Keys that are remembered as forgotten while Redis is gone. Of more, the values come back with it.
const FORGOTTEN: usize = 100_000;
/// From so many bytes on, coding is left to a thread that may take its time.
const MUCH: usize = 256 << 10;

/// A Redis.
pub struct Redis {
    shared: Arc<Shared>,
    /// Look for Redis and listen to the others; they end with this.
    _tasks: JoinSet<()>,
}

struct Shared {
    keys: Keys,
    link: Arc<Link>,
    unlock: Script,
    /// What is done here while Redis is gone.
    aside: Aside,
    /// What Redis is to forget when it is back.
    forgotten: Mutex<BTreeSet<String>>,
}

/// Whether a lock was taken.
pub enum Lock {
    Taken,
    /// Somebody else has it.
    Busy,
    /// Nobody can be asked.
    Gone,
}

impl Redis {
    /// Looks for Redis, once, and listens to it from then on. It need not be there.
    pub async fn open(address: Address, prefix: &str, timeout: Duration, local: Arc<Local>) -> Self {
        let link = Link::new(address, timeout, "answers take longer");
        let shared = Arc::new(Shared {
            keys: Keys::new(prefix),
            link: link.clone(),
            unlock: Script::new(UNLOCK),
            aside: Aside::default(),
            forgotten: Mutex::default(),
        });
        let (tried, greets) = (Arc::new(Notify::new()), shared.clone());
        let greet = move |connection| {
            let greets = greets.clone();
            async move { greets.catch_up(connection).await }
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(link.clone().keep(greet, tried.clone()));
        tasks.spawn(broadcast::listen(link, shared.keys.channel(), local));
        // Whoever comes first finds it, if it is there.
        let _ = tokio::time::timeout(timeout, tried.notified()).await;
        Self { shared, _tasks: tasks }
    }

    /// The values of these keys; `Err`: Redis did not answer.
    pub async fn get(&self, keys: &[String]) -> Result<Vec<Option<Bytes>>, ()> {
        let mut values = Vec::with_capacity(keys.len());
        for chunk in keys.chunks(CHUNK) {
            let mut command = redis::cmd("MGET");
            for key in chunk {
                command.arg(self.shared.keys.value(key));
            }
            let kept: Vec<Option<Vec<u8>>> = self.shared.ask(&command).await.ok_or(())?;
            let much = kept.iter().flatten().map(Vec::len).sum::<usize>() >= MUCH;
            let (names, mut is_odd) = (chunk.to_vec(), kept.len() != chunk.len());
            let decode = move || -> Vec<Option<Result<Bytes, NoValue>>> {
                names.iter().zip(kept).map(|(key, kept)| Some(form::decode(key, kept?))).collect()
            };
            let mut found = aside(much, decode).await;
            // Never fewer than were asked for, whatever was answered.
            found.resize(chunk.len(), None);
            for value in found {
                is_odd |= value == Some(Err(NoValue::Altered));
                values.push(value.and_then(Result::ok));
            }
            if is_odd {
                self.shared.link.doubt();
            }
        }
        Ok(values)
    }

    /// Keeps values; false if Redis did not answer.
    pub async fn put(&self, entries: Vec<(String, Bytes)>) -> bool {
        let much = entries.iter().map(|(_, value)| value.len()).sum::<usize>() >= MUCH;
        let encode = move || -> Vec<(String, Vec<u8>)> {
            let encode = |(key, value): (String, Bytes)| {
                let kept = form::encode(&key, &value);
                (key, kept)
            };
            entries.into_iter().map(encode).collect()
        };
        let (mut commands, mut bytes) = (vec![], 0);
        for (key, value) in aside(much, encode).await {
            if value.len() > LONGEST {
                continue;
            }
            if commands.len() == CHUNK || (bytes + value.len() > CHUNK_BYTES && !commands.is_empty()) {
                if !self.shared.tell(std::mem::take(&mut commands)).await {
                    return false;
                }
                bytes = 0;
            }
            bytes += value.len();
            let mut command = redis::cmd("SET");
            command.arg(self.shared.keys.value(&key)).arg(value).arg("EX").arg(lifetime(&key).as_secs());
            commands.push(command);
        }
        self.shared.tell(commands).await
    }

    /// Has values live as long as if they were put now.
    pub async fn prolong(&self, keys: &[String]) {
        for chunk in keys.chunks(CHUNK) {
            let prolong = |key: &String| {
                let mut command = redis::cmd("EXPIRE");
                command.arg(self.shared.keys.value(key)).arg(lifetime(key).as_secs());
                command
            };
            if !self.shared.tell(chunk.iter().map(prolong).collect()).await {
                return;
            }
        }
    }

    /// Forgets keys, and has all instances do so; later, if Redis is gone.
    pub async fn remove(&self, keys: &[String]) {
        self.shared.aside.remove(keys);
        for chunk in keys.chunks(CHUNK) {
            let removed = self.shared.link.ask(|connection| self.shared.forget(connection, chunk)).await;
            if removed.is_none_or(|removed| removed.is_err()) {
                self.shared.remember(chunk);
            }
        }
    }

    /// Takes the lock that says who makes a value.
    pub async fn lock(&self, key: &str, token: &str, time: Duration) -> Lock {
        match self.shared.take(self.shared.keys.lock(key), token, time).await {
            Some(true) => Lock::Taken,
            Some(false) => Lock::Busy,
            None => Lock::Gone,
        }
    }

    /// Opens locks that are still the caller's, and has the other instances look for what they locked.
    pub async fn unlock(&self, locks: Vec<(String, String)>) {
        let mut keys = vec![];
        for (key, token) in locks {
            self.shared.open(self.shared.keys.lock(&key), &token).await;
            keys.push(key);
        }
        if !keys.is_empty() {
            self.shared.tell(vec![self.shared.publication(&News::Settled(keys))]).await;
        }
    }

    /// Takes a key, unless somebody has. While Redis is gone, only this process can be asked.
    pub async fn claim(&self, key: &str, token: &str, time: Duration) -> bool {
        let taken = self.shared.take(self.shared.keys.claim(key), token, time).await;
        taken.unwrap_or_else(|| self.shared.aside.claim(key, token, time))
    }

    /// Gives keys back that are still the caller's.
    pub async fn give_back(&self, taken: &[(String, String)]) {
        for (key, token) in taken {
            self.shared.aside.give_back(key, token);
            self.shared.open(self.shared.keys.claim(key), token).await;
        }
    }

    /// Adds to a set. While Redis is gone, members are kept for it.
    pub async fn add_member(&self, set: &str, member: &str) -> u64 {
        let members = [member];
        let added = self.shared.link.ask(|connection| self.shared.add(connection, set, &members)).await;
        added.and_then(Result::ok).unwrap_or_else(|| self.shared.aside.add_member(set, member))
    }

    /// How many members a set has.
    pub async fn count_members(&self, set: &str) -> u64 {
        let counted = self.shared.ask(redis::cmd("SCARD").arg(self.shared.keys.set(set))).await;
        counted.unwrap_or_else(|| self.shared.aside.count_members(set))
    }

    /// Whether it answers.
    pub async fn check(&self) -> Result<(), String> {
        let answer: Option<redis::Value> = self.shared.ask(&redis::cmd("PING")).await;
        answer.map(drop).ok_or_else(|| self.shared.link.why())
    }

    /// Entries and bytes of all that is there.
    pub async fn size(&self) -> (Option<u64>, Option<u64>) {
        let entries = self.shared.ask(&redis::cmd("DBSIZE")).await;
        let told: Option<redis::Value> = self.shared.ask(redis::cmd("INFO").arg("memory")).await;
        (entries, told.as_ref().and_then(used_memory))
    }
}

/// What a server tells of its memory, or each of a cluster.
fn used_memory(told: &redis::Value) -> Option<u64> {
    if let redis::Value::Map(servers) = told {
        return servers.iter().map(|(_, told)| used_memory(told)).sum();
    }
    let told = String::from_redis_value_ref(told).ok()?;
    told.lines().find_map(|line| line.strip_prefix("used_memory:"))?.trim().parse().ok()
}

impl Shared {
    /// What a command answers; `None` if it does not.
    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Option<T> {
        let ask = async |mut connection: Connection| command.query_async(&mut connection).await;
        self.link.ask(ask).await?.ok()
    }

    /// Has commands done; false if not all were.
    async fn tell(&self, commands: Vec<Cmd>) -> bool {
        commands.is_empty()
            || self.link.ask(|connection| tell(connection, commands)).await.is_some_and(|answer| answer.is_ok())
    }

    /// Takes a key of Redis that nobody has.
    async fn take(&self, key: String, token: &str, time: Duration) -> Option<bool> {
        let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
        let mut command = redis::cmd("SET");
        command.arg(key).arg(token).arg("NX").arg("PX").arg(milliseconds);
        let answer: Option<redis::Value> = self.ask(&command).await;
        answer.map(|answer| answer == redis::Value::Okay)
    }

    /// Deletes a key of Redis that is still whose token it is. Where nobody can be asked, it expires by itself.
    async fn open(&self, key: String, token: &str) {
        let mut call = self.unlock.key(key);
        call.arg(token);
        let open = async |mut connection: Connection| call.invoke_async::<i64>(&mut connection).await;
        let _ = self.link.ask(open).await;
    }

    /// Adds to a set, has it live on, and counts.
    async fn add(&self, mut connection: Connection, set: &str, members: &[&str]) -> Result<u64, RedisError> {
        let mut commands = redis::pipe();
        commands.atomic().cmd("SADD").arg(self.keys.set(set)).arg(members).ignore();
        commands.cmd("EXPIRE").arg(self.keys.set(set)).arg(lifetime(set).as_secs()).ignore();
        let (count,) = commands.cmd("SCARD").arg(self.keys.set(set)).query_async(&mut connection).await?;
        Ok(count)
    }

    /// Forgets keys, then says so: who is told may look at once.
    async fn forget(&self, mut connection: Connection, keys: &[String]) -> Result<(), RedisError> {
        let mut delete = redis::cmd("UNLINK");
        for key in keys {
            delete.arg(&self.keys.all(key));
        }
        delete.exec_async(&mut connection).await?;
        self.publication(&News::Forgotten(keys.to_vec())).exec_async(&mut connection).await
    }

    fn publication(&self, news: &News) -> Cmd {
        let mut command = redis::cmd("PUBLISH");
        command.arg(self.keys.channel()).arg(news.encode());
        command
    }

    fn remember(&self, keys: &[String]) {
        let mut forgotten = self.forgotten.lock().unwrap_or_else(PoisonError::into_inner);
        let room = FORGOTTEN.saturating_sub(forgotten.len());
        forgotten.extend(keys.iter().take(room).cloned());
    }

    /// Does what could not be done while Redis was gone.
    async fn catch_up(&self, connection: Connection) -> Result<(), RedisError> {
        let forgotten: Vec<_> = self.forgotten.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect();
        for chunk in forgotten.chunks(CHUNK) {
            self.forget(connection.clone(), chunk).await?;
            let mut left = self.forgotten.lock().unwrap_or_else(PoisonError::into_inner);
            left.retain(|key| !chunk.contains(key));
        }
        for (set, members) in self.aside.sets() {
            let members: Vec<_> = members.iter().map(String::as_str).collect();
            self.add(connection.clone(), &set, &members).await?;
            self.aside.remove_members(&set, &members);
        }
        Ok(())
    }
}

/// Has commands done, each about a key of its own: a server as one pipeline, a cluster side by side.
async fn tell(mut connection: Connection, commands: Vec<Cmd>) -> Result<(), RedisError> {
    if let Connection::Server(_) = connection {
        let mut pipeline = Pipeline::with_capacity(commands.len());
        for command in commands {
            pipeline.add_command(command).ignore();
        }
        return pipeline.exec_async(&mut connection).await;
    }
    let tell = |command: Cmd| {
        let mut connection = connection.clone();
        async move { command.exec_async(&mut connection).await }
    };
    let mut told = stream::iter(commands).map(tell).buffer_unordered(SIDE_BY_SIDE);
    while let Some(done) = told.next().await {
        done?;
    }
    Ok(())
}

/// Computes something that takes its time elsewhere.
async fn aside<T: Send + Default + 'static>(much: bool, compute: impl FnOnce() -> T + Send + 'static) -> T {
    if much { threads::run(compute).await.unwrap_or_default() } else { compute() }
}
