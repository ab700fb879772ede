//! Where Redis is: one server, a cluster, or what sentinels say.

use std::{fmt, fs, path::Path, sync::Arc, time::Duration};

use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, RedisError, RedisResult,
    TlsCertificates, TlsMode,
    aio::{ConnectionLike, MultiplexedConnection, PubSub},
    cluster::ClusterClient,
    cluster_async::ClusterConnection,
    sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType},
};
use tokio::sync::Mutex;

use crate::{CacheSettings, OpenError, crypto};

/// How the two forms of an address begin that only Astlas knows.
const CLUSTER: &str = "+cluster://";
const SENTINEL: &str = "+sentinel://";
/// How addresses have to look.
const FORMS: &str = "use redis://host:port, redis+cluster://host:port,host:port or \
                     redis+sentinel://host:port,host:port/name, with rediss for TLS";

/// Where Redis is.
pub enum Address {
    /// On one server.
    Server(Box<Client>),
    /// On a cluster; any of its servers takes subscriptions.
    Cluster(Box<ClusterClient>, Vec<Client>),
    /// On the server that sentinels say.
    Sentinel(Arc<Mutex<SentinelClient>>),
}

/// A connection that any number of tasks use at once.
#[derive(Clone)]
pub enum Connection {
    /// To one server.
    Server(MultiplexedConnection),
    /// To a cluster.
    Cluster(Box<ClusterConnection>),
}

impl Address {
    /// Where the settings say it is, if they do. Connecting may take `timeout`; the error names what cannot be used.
    pub fn of(settings: &CacheSettings, timeout: Duration) -> Result<Option<Self>, OpenError> {
        let Some(url) = &settings.url else { return Ok(None) };
        crypto::install();
        let read = |path: &Path| {
            fs::read(path).map_err(|error| OpenError::new("cache.certificates", format!("{}: {error}", path.display())))
        };
        let certificates = settings.certificates.as_deref().map(read).transpose()?;
        Self::read(url, certificates, timeout).map(Some).map_err(|message| OpenError::new("cache.url", message))
    }

    /// Reads an address. What is wrong is said without it: it may hold a password.
    pub fn read(url: &str, certificates: Option<Vec<u8>>, timeout: Duration) -> Result<Self, String> {
        let told = |error: RedisError| format!("{}; {FORMS}", error.category());
        let certificates = certificates.map(|pem| TlsCertificates { client_tls: None, root_cert: Some(pem) });
        if let Some((scheme, rest)) = url.split_once(CLUSTER) {
            let nodes = nodes(scheme, rest)?;
            let client = |node: &ConnectionInfo| open(node.clone(), certificates.clone()).map_err(told);
            let clients = nodes.iter().map(client).collect::<Result<_, _>>()?;
            let builder =
                ClusterClient::builder(nodes).connection_timeout(timeout).response_timeout(timeout).retries(1);
            let builder = match certificates {
                Some(certificates) => builder.certs(certificates),
                None => builder,
            };
            return Ok(Self::Cluster(Box::new(builder.build().map_err(told)?), clients));
        }
        if let Some((scheme, rest)) = url.split_once(SENTINEL) {
            return sentinel(scheme, rest, certificates).map(|client| Self::Sentinel(Arc::new(Mutex::new(client))));
        }
        let client = open(url.into_connection_info().map_err(told)?, certificates).map_err(told)?;
        Ok(Self::Server(Box::new(client)))
    }

    /// Connects.
    pub async fn connect(&self, timeout: Duration) -> RedisResult<Connection> {
        // A response may be long; the caller looks at the time.
        let config = AsyncConnectionConfig::new().set_connection_timeout(Some(timeout)).set_response_timeout(None);
        match self {
            Self::Cluster(client, _) => Ok(Connection::Cluster(Box::new(client.get_async_connection().await?))),
            Self::Server(client) => {
                Ok(Connection::Server(client.get_multiplexed_async_connection_with_config(&config).await?))
            }
            Self::Sentinel(client) => {
                let connected = client.lock().await.get_async_connection_with_config(&config).await?;
                Ok(Connection::Server(connected))
            }
        }
    }

    /// Connects to listen.
    pub async fn listen(&self) -> RedisResult<PubSub> {
        match self {
            Self::Server(client) => client.get_async_pubsub().await,
            Self::Sentinel(client) => {
                let client = client.lock().await.async_get_client().await?;
                client.get_async_pubsub().await
            }
            Self::Cluster(_, nodes) => {
                let mut last = None;
                for node in nodes {
                    match node.get_async_pubsub().await {
                        Ok(connected) => return Ok(connected),
                        Err(error) => last = Some(error),
                    }
                }
                Err(last.unwrap_or_else(|| (redis::ErrorKind::Client, "a cluster without a server").into()))
            }
        }
    }
}

/// Opens no connection yet.
fn open(node: ConnectionInfo, certificates: Option<TlsCertificates>) -> RedisResult<Client> {
    match certificates {
        Some(certificates) if matches!(node.addr(), ConnectionAddr::TcpTls { .. }) => {
            Client::build_with_tls(node, certificates)
        }
        _ => Client::open(node),
    }
}

/// Servers that are listed after who asks: `user:password@host:port,host:port`.
fn nodes(scheme: &str, listed: &str) -> Result<Vec<ConnectionInfo>, String> {
    if !matches!(scheme, "redis" | "rediss" | "valkey" | "valkeys") {
        return Err(format!("unknown scheme; {FORMS}"));
    }
    let (who, hosts) = listed.rsplit_once('@').map_or(("", listed), |(who, hosts)| (&listed[..=who.len()], hosts));
    let node = |host: &str| {
        let node = format!("{scheme}://{who}{host}").into_connection_info();
        node.map_err(|error| format!("server {host:?}: {}; {FORMS}", error.category()))
    };
    hosts.trim_end_matches('/').split(',').map(node).collect()
}

/// `user:password@host:port,host:port/name/database`: who asks is for Redis, sentinels ask for nobody.
fn sentinel(scheme: &str, rest: &str, certificates: Option<TlsCertificates>) -> Result<SentinelClient, String> {
    let (servers, path) = rest.split_once('/').ok_or_else(|| format!("the name of the master is missing; {FORMS}"))?;
    let (name, database) = path.split_once('/').unwrap_or((path, "0"));
    let database: i64 = database.parse().map_err(|_| format!("{database:?} is no number of a database; {FORMS}"))?;
    if name.is_empty() {
        return Err(format!("the name of the master is missing; {FORMS}"));
    }
    let nodes = nodes(scheme, servers)?;
    let addresses = nodes.iter().map(|node| node.addr().clone());
    let told = |error: RedisError| format!("{}; {FORMS}", error.category());
    let mut builder = SentinelClientBuilder::new(addresses, name, SentinelServerType::Master).map_err(told)?;
    builder = builder.set_client_to_redis_db(database);
    if let Some(asks) = nodes.first().map(ConnectionInfo::redis_settings) {
        if let Some(user) = asks.username() {
            builder = builder.set_client_to_redis_username(user);
        }
        if let Some(password) = asks.password() {
            builder = builder.set_client_to_redis_password(password);
        }
    }
    if nodes.iter().any(|node| matches!(node.addr(), ConnectionAddr::TcpTls { .. })) {
        builder =
            builder.set_client_to_redis_tls_mode(TlsMode::Secure).set_client_to_sentinel_tls_mode(TlsMode::Secure);
        if let Some(certificates) = certificates {
            builder = builder.set_client_to_redis_certificates(certificates.clone());
            builder = builder.set_client_to_sentinel_certificates(certificates);
        }
    }
    builder.build().map_err(told)
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It may hold a password.
        formatter.write_str(match self {
            Self::Server(_) => "Server",
            Self::Cluster(..) => "Cluster",
            Self::Sentinel(_) => "Sentinel",
        })
    }
}

impl ConnectionLike for Connection {
    fn req_packed_command<'a>(&'a mut self, command: &'a redis::Cmd) -> redis::RedisFuture<'a, redis::Value> {
        match self {
            Self::Server(connection) => connection.req_packed_command(command),
            Self::Cluster(connection) => connection.req_packed_command(command),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        commands: &'a redis::Pipeline,
        offset: usize,
        count: usize,
    ) -> redis::RedisFuture<'a, Vec<redis::Value>> {
        match self {
            Self::Server(connection) => connection.req_packed_commands(commands, offset, count),
            Self::Cluster(connection) => connection.req_packed_commands(commands, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::Server(connection) => connection.get_db(),
            Self::Cluster(connection) => connection.get_db(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_what_is_wrong_is_said_without_the_password() {
        let read = |url: &str| Address::read(url, None, Duration::from_secs(1)).map(|address| format!("{address:?}"));
        assert_eq!(read("redis://user:hush@localhost:1/2").as_deref(), Ok("Server"));
        assert_eq!(read("redis+cluster://:hush@a:1,b:2").as_deref(), Ok("Cluster"));
        assert_eq!(read("redis+sentinel://a:1,b:2/main/3").as_deref(), Ok("Sentinel"));
        let wrong = ["http://:hush@a", "redis+sentinel://:hush@a:1", "redis+sentinel://a/m/x", "x+cluster://a", "hush"];
        for url in wrong {
            assert!(read(url).is_err_and(|message| !message.contains("hush") && message.contains("use ")), "{url}");
        }
    }
}
