//! What the cache is made of in Redis.

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::BTreeMap,
    rc::Rc,
    time::Duration,
};

use astlas_conventions::{Keys, News, UNLOCK, form, lifetime, own_lifetime};
use astlas_spin::{Scope, required, variable};
use spin_sdk::{
    redis::{RedisParameter, RedisResult},
    wasip3::random::random,
};

use crate::redis::{self, number, text};

/// Keys asked for, or written, at once: Spin takes answers of up to 128 MiB.
const CHUNK: usize = 64;
/// Bytes written at once, so that it does not take long.
const CHUNK_BYTES: usize = 4 << 20;
/// Longest value that is kept, in bytes.
const LONGEST: usize = 32 << 20;
/// How often is looked for a value that somebody else makes: the first time, and at most.
const LOOK: Duration = Duration::from_millis(10);
const LONGEST_LOOK: Duration = Duration::from_millis(250);
/// Locks that are known; of requests that ended without a value some are left over.
const LOCKS: usize = 1024;

/// Keeps values, each for its time.
const PUT: &str =
    "for i, key in ipairs(KEYS) do redis.call('SET', key, ARGV[2 * i - 1], 'EX', ARGV[2 * i]) end return 0";
/// Has values live on.
const TOUCH: &str = "for i, key in ipairs(KEYS) do redis.call('EXPIRE', key, ARGV[i]) end return 0";
/// Adds to a set, has it live on, and counts.
const ADD: &str = "redis.call('SADD', KEYS[1], ARGV[1]) redis.call('EXPIRE', KEYS[1], ARGV[2]) \
                   return redis.call('SCARD', KEYS[1])";

thread_local! {
    static SHARED: OnceCell<Rc<Shared>> = const { OnceCell::new() };
    /// Whether it was said that the variables are wrong.
    static IS_SAID: Cell<bool> = const { Cell::new(false) };
    /// What the locks are opened with of values that requests of this instance make.
    static TOKENS: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// Where the cache is.
pub struct Shared {
    address: String,
    keys: Keys,
    scope: Scope,
}

impl Shared {
    /// As the variables say, once for each instance; `None`: they do not.
    pub async fn open() -> Option<Rc<Self>> {
        if let Some(shared) = SHARED.with(|shared| shared.get().cloned()) {
            return Some(shared);
        }
        match Self::read().await {
            Ok(shared) => Some(SHARED.with(|kept| kept.get_or_init(|| Rc::new(shared)).clone())),
            Err(why) => {
                if !IS_SAID.replace(true) {
                    astlas_spin::log("warning", &format!("there is no redis: {why}; answers take longer"), "");
                }
                None
            }
        }
    }

    async fn read() -> Result<Self, String> {
        let address = required("redis_url").await?;
        // Apart from the address, which stands among the hosts that the application may reach.
        let address = match (variable("redis_login").await?, address.split_once("://")) {
            (Some(login), Some((scheme, host))) => format!("{scheme}://{login}@{host}"),
            _ => address,
        };
        let keys = Keys::new(&variable("redis_prefix").await?.unwrap_or_default());
        Ok(Self { address, keys, scope: Scope::get().await? })
    }

    /// A key, as all tenants' are told apart.
    pub fn name(&self, key: &str) -> String {
        self.scope.full(key)
    }

    /// Several of them.
    pub fn names(&self, keys: &[String]) -> Vec<String> {
        keys.iter().map(|key| self.name(key)).collect()
    }

    /// The values of these keys, in order.
    pub async fn get(&self, names: &[String]) -> Vec<Option<Vec<u8>>> {
        let (mut values, mut touched) = (Vec::with_capacity(names.len()), vec![]);
        for chunk in names.chunks(CHUNK) {
            let keys = chunk.iter().map(|name| text(self.keys.value(name))).collect();
            let mut kept = self.ask("MGET", keys).await.unwrap_or_default().into_iter();
            for name in chunk {
                let value = match kept.next() {
                    Some(RedisResult::Binary(kept)) => form::decode(name, kept).ok().map(Vec::from),
                    _ => None,
                };
                if value.is_some() && own_lifetime(name).is_none() {
                    touched.push(name.clone());
                }
                values.push(value);
            }
        }
        // Values without a lifetime of their own live as long as somebody asks for them.
        for chunk in touched.chunks(CHUNK) {
            let lifetimes = chunk.iter().map(|name| number(lifetime(name).as_secs()));
            self.eval(TOUCH, chunk.iter().map(|name| self.keys.value(name)).collect(), lifetimes).await;
        }
        values
    }

    /// Keeps values, and lets go of their locks.
    pub async fn put(&self, entries: Vec<(String, Vec<u8>)>) {
        let names: Vec<String> = entries.iter().map(|(name, _)| name.clone()).collect();
        let (mut keys, mut arguments, mut bytes) = (vec![], vec![], 0);
        for (name, value) in entries {
            let kept = form::encode(&name, &value);
            if kept.len() > LONGEST {
                continue;
            }
            if keys.len() == CHUNK || (bytes + kept.len() > CHUNK_BYTES && !keys.is_empty()) {
                self.eval(PUT, std::mem::take(&mut keys), std::mem::take(&mut arguments)).await;
                bytes = 0;
            }
            bytes += kept.len();
            keys.push(self.keys.value(&name));
            arguments.extend([RedisParameter::Binary(kept), number(lifetime(&name).as_secs())]);
        }
        if !keys.is_empty() {
            self.eval(PUT, keys, arguments).await;
        }
        // After the values: who takes a lock next finds them.
        self.unlock(&names).await;
    }

    /// Forgets keys, then says so: who is told may look at once.
    pub async fn remove(&self, names: &[String]) {
        TOKENS.with_borrow_mut(|tokens| names.iter().for_each(|name| drop(tokens.remove(name))));
        for chunk in names.chunks(CHUNK) {
            let all = chunk.iter().flat_map(|name| self.keys.all(name)).map(text).collect();
            self.ask("UNLINK", all).await;
            self.tell(&News::Forgotten(chunk.to_vec())).await;
        }
    }

    /// The value of a key. Where there is none, it is the caller's to make, within so long.
    pub async fn get_or_claim(&self, name: &str, milliseconds: u32) -> Option<Vec<u8>> {
        let (token, mut look, mut waited) = (token(), LOOK, Duration::ZERO);
        loop {
            if let Some(value) = self.get_one(name).await {
                return Some(value);
            }
            match self.take(self.keys.lock(name), &token, milliseconds).await {
                Some(true) => break,
                // Two turns have passed, or nobody can be asked: it is made once more.
                None => return None,
                Some(false) if waited > 2 * Duration::from_millis(milliseconds.into()) => return None,
                Some(false) => astlas_spin::wait(look).await,
            }
            waited += look;
            look = (look * 2).min(LONGEST_LOOK);
        }
        TOKENS.with_borrow_mut(|tokens| {
            if tokens.len() >= LOCKS {
                // They expire by themselves.
                tokens.clear();
            }
            tokens.insert(name.into(), token);
        });
        // Whoever had the lock may have put the value since it was last looked for.
        let value = self.get_one(name).await;
        if value.is_some() {
            self.unlock(&[name.into()]).await;
        }
        value
    }

    async fn get_one(&self, name: &str) -> Option<Vec<u8>> {
        self.get(&[name.into()]).await.pop().flatten()
    }

    /// Opens locks that are still of this instance, and has all others look for what they locked.
    async fn unlock(&self, names: &[String]) {
        let mut settled = vec![];
        for name in names {
            if let Some(token) = TOKENS.with_borrow_mut(|tokens| tokens.remove(name)) {
                self.eval(UNLOCK, vec![self.keys.lock(name)], [text(token)]).await;
                settled.push(name.clone());
            }
        }
        if !settled.is_empty() {
            self.tell(&News::Settled(settled)).await;
        }
    }

    /// Takes a key, unless somebody has.
    pub async fn claim(&self, name: &str, milliseconds: u32) -> bool {
        self.take(self.keys.claim(name), &token(), milliseconds).await.unwrap_or(true)
    }

    /// Takes a key of Redis that nobody has; `None`: nobody can be asked.
    async fn take(&self, key: String, token: &str, milliseconds: u32) -> Option<bool> {
        let arguments = vec![text(key), text(token), text("NX"), text("PX"), number(milliseconds.max(1).into())];
        let answer = self.ask("SET", arguments).await?;
        Some(matches!(answer.first(), Some(RedisResult::Status(_))))
    }

    /// Adds to a set: how many members it has then; none where nobody can be asked.
    pub async fn add_member(&self, name: &str, member: &str) -> u64 {
        let arguments = [text(member), number(lifetime(name).as_secs())];
        count(self.eval(ADD, vec![self.keys.set(name)], arguments).await)
    }

    /// How many members a set has.
    pub async fn count_members(&self, name: &str) -> u64 {
        count(self.ask("SCARD", vec![text(self.keys.set(name))]).await)
    }

    async fn tell(&self, news: &News) {
        self.ask("PUBLISH", vec![text(self.keys.channel()), RedisParameter::Binary(news.encode())]).await;
    }

    async fn eval(
        &self,
        script: &str,
        keys: Vec<String>,
        arguments: impl IntoIterator<Item = RedisParameter>,
    ) -> Option<Vec<RedisResult>> {
        let mut all = vec![text(script), number(keys.len() as u64)];
        all.extend(keys.into_iter().map(text));
        all.extend(arguments);
        self.ask("EVAL", all).await
    }

    async fn ask(&self, command: &str, arguments: Vec<RedisParameter>) -> Option<Vec<RedisResult>> {
        redis::ask(&self.address, command, arguments).await
    }
}

fn count(answer: Option<Vec<RedisResult>>) -> u64 {
    match answer.as_deref() {
        Some([RedisResult::Int64(count), ..]) => u64::try_from(*count).unwrap_or(0),
        _ => 0,
    }
}

/// What nobody else has.
fn token() -> String {
    format!("{:016x}{:016x}", random::get_random_u64(), random::get_random_u64())
}
