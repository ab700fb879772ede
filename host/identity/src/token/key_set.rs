//! The keys of one issuer: fetched when they are needed, kept for as long as the issuer says, within bounds.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use astlas_atlas::ports::Unavailable;
use astlas_capabilities::exchange;
use bytes::Bytes;
use http::StatusCode;
use tokio::time::{Instant, timeout};

use super::{
    cache_control,
    discovery::keys_address,
    jwks::{IssuerKeys, SigningKey},
};

/// How long a fetch may take. Somebody waits for it with a request.
const FETCH_LIMIT: Duration = Duration::from_secs(5);
/// Longest answer, in bytes. A set of keys has a few thousand.
const LONGEST: usize = 256 << 10;
/// How long an issuer that was out of reach is not asked again.
const PAUSE: Duration = Duration::from_secs(10);
/// How often keys are fetched because of a key that they lack: anybody can make up its name.
const SEEK: Duration = Duration::from_secs(60);
/// How long keys are believed while their issuer is out of reach. It could not take one back that was stolen.
const GRACE: Duration = Duration::from_secs(24 * 3600);

/// The keys of one issuer.
pub struct KeySet {
    issuer: String,
    /// `None`: the issuer says where they are.
    url: Option<String>,
    client: reqwest::Client,
    state: Mutex<State>,
    /// Whose turn it is to fetch: all others want the same answer.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    keys: IssuerKeys,
    /// When they were fetched, and until when they need not be again.
    fetched: Option<(Instant, Instant)>,
    /// Since then the issuer was out of reach, and why.
    failed: Option<(Instant, Unavailable)>,
    /// When a key was last looked for that was not there.
    sought: Option<Instant>,
}

impl KeySet {
    pub fn new(issuer: &str, url: Option<&str>, client: reqwest::Client) -> Self {
        let (issuer, url) = (issuer.into(), url.map(Into::into));
        Self { issuer, url, client, state: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }

    /// The key of this name; `None`: the issuer has none.
    pub async fn find(self: &Arc<Self>, name: &str) -> Result<Option<Arc<SigningKey>>, Unavailable> {
        {
            let state = self.state();
            // Nobody whose key is there waits for a fetch that is under way.
            let is_under_way = state.believed(name).is_some() && self.turn.try_lock().is_err();
            if is_under_way || !state.is_due(name) {
                return state.find(name);
            }
        }
        // A request may be given up at any moment; what was begun for all is finished all the same.
        let (set, name) = (self.clone(), name.to_owned());
        let refreshed = tokio::spawn(async move { set.refresh(&name).await });
        refreshed.await.map_err(|error| Unavailable(format!("{}: {error}", self.issuer)))?
    }

    /// Fetches the keys, unless somebody just did.
    async fn refresh(&self, name: &str) -> Result<Option<Arc<SigningKey>>, Unavailable> {
        let _turn = self.turn.lock().await;
        {
            let mut state = self.state();
            if !state.is_due(name) {
                return state.find(name);
            }
            if state.is_fresh() {
                state.sought = Some(Instant::now());
            }
        }
        let fetched = timeout(FETCH_LIMIT, self.fetch()).await;
        let fetched = fetched.unwrap_or_else(|_| Err(format!("no keys in {FETCH_LIMIT:?}")));
        let now = Instant::now();
        let mut state = self.state();
        match fetched {
            Ok((keys, lifetime)) => {
                state.keys = keys;
                state.fetched = Some((now, now + lifetime));
                state.failed = None;
            }
            Err(error) => {
                tracing::warn!(issuer = %self.issuer, error = %error, "the keys of an issuer are out of reach");
                state.failed = Some((now, Unavailable(format!("keys of {}: {error}", self.issuer))));
            }
        }
        state.find(name)
    }

    async fn fetch(&self) -> Result<(IssuerKeys, Duration), String> {
        let url = match &self.url {
            Some(url) => url.clone(),
            None => self.discover().await?,
        };
        let answer = self.get(&url).await?;
        Ok((IssuerKeys::read(answer.body())?, cache_control::lifetime(answer.headers())))
    }

    /// Where the issuer says that its keys are.
    async fn discover(&self) -> Result<String, String> {
        let url = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let answer = self.get(&url).await?;
        keys_address(&self.issuer, answer.body()).map_err(|error| format!("{url}: {error}"))
    }

    async fn get(&self, url: &str) -> Result<http::Response<Bytes>, String> {
        let request = http::Request::get(url).body(Bytes::new()).map_err(|error| format!("{url}: {error}"))?;
        let answer = timeout(FETCH_LIMIT, exchange(&self.client, request, FETCH_LIMIT, LONGEST)).await;
        let answer = answer.unwrap_or_else(|_| Err("no answer in time".into()));
        let answer = answer.map_err(|error| format!("{url}: {error}"))?;
        match answer.status() {
            StatusCode::OK => Ok(answer),
            status => Err(format!("{url}: {status}")),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_fresh(&self) -> bool {
        self.fetched.is_some_and(|(_, until)| Instant::now() < until)
    }

    /// Whether the keys are to be fetched for whoever needs this one.
    fn is_due(&self, name: &str) -> bool {
        let is_over = |since: Instant, pause| since.elapsed() >= pause;
        let may_ask = self.failed.as_ref().is_none_or(|(since, _)| is_over(*since, PAUSE));
        let is_sought = self.keys.get(name).is_none() && self.sought.is_none_or(|since| is_over(since, SEEK));
        may_ask && (!self.is_fresh() || is_sought)
    }

    /// A key that is there, and not too long ago.
    fn believed(&self, name: &str) -> Option<&Arc<SigningKey>> {
        let is_believed = self.fetched.is_some_and(|(since, _)| since.elapsed() < GRACE);
        self.keys.get(name).filter(|_| is_believed)
    }

    /// What is known of a key. That there is none is only said by an issuer that is there.
    fn find(&self, name: &str) -> Result<Option<Arc<SigningKey>>, Unavailable> {
        match (self.believed(name), &self.failed) {
            (Some(key), _) => Ok(Some(key.clone())),
            (None, Some((_, error))) => Err(error.clone()),
            (None, None) => Ok(None),
        }
    }
}
