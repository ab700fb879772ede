//! Where the forge may send on to: a forge that is not what it should be is not to lead the host to what only the host
//! can reach.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};

/// Most times that it may send on.
const MOST: usize = 10;

/// Who can reach an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Everybody,
    /// Whoever is in the same network.
    Network,
    /// Whoever is on the same wire: servers with metadata and tokens are.
    Wire,
    /// Whoever is on the same machine.
    Machine,
}

impl Reach {
    fn of(address: IpAddr) -> Self {
        let address = address.to_canonical();
        let (is_wire, is_network) = match address {
            IpAddr::V4(v4) => {
                let is_shared = v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64;
                (v4.is_link_local() || v4.is_broadcast(), v4.is_private() || is_shared)
            }
            IpAddr::V6(v6) => (v6.is_unicast_link_local(), v6.is_unique_local()),
        };
        match () {
            () if address.is_loopback() || address.is_unspecified() => Self::Machine,
            () if is_wire || address.is_multicast() => Self::Wire,
            () if is_network => Self::Network,
            () => Self::Everybody,
        }
    }

    /// That of a URL whose host is an address.
    fn of_url(url: &Url) -> Option<Self> {
        let host = url.host_str()?;
        host.trim_matches(['[', ']']).parse().ok().map(Self::of)
    }
}

/// Follows to https alone where the forge's address is, and to no address that fewer can reach than everybody, but for
/// those that as many can reach as the forge's own.
pub fn policy(api: &Url) -> Policy {
    let (is_secure, own) = (api.scheme() == "https", Reach::of_url(api));
    Policy::custom(move |attempt| {
        if attempt.previous().len() > MOST {
            return attempt.error("it sends on for ever");
        }
        let to = attempt.url();
        let is_safe = to.scheme() == "https" || !is_secure && to.scheme() == "http";
        let is_open = Reach::of_url(to).is_none_or(|reach| reach == Reach::Everybody || Some(reach) == own);
        if is_safe && is_open { attempt.follow() } else { attempt.stop() }
    })
}

/// Finds the addresses of names, with the same rule.
pub struct Resolver {
    host: String,
    /// Reach of the forge's own address, as it was found last; an address in its URL stays what it is.
    own: Arc<AtomicU8>,
}

impl Resolver {
    pub fn new(api: &Url) -> Self {
        let own = Reach::of_url(api).unwrap_or(Reach::Everybody);
        Self { host: api.host_str().unwrap_or_default().into(), own: Arc::new(AtomicU8::new(own as u8)) }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (is_own, own) = (name.as_str().eq_ignore_ascii_case(&self.host), self.own.clone());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let mut found: Vec<SocketAddr> = found.collect();
            match found.first() {
                Some(first) if is_own => own.store(Reach::of(first.ip()) as u8, Ordering::Relaxed),
                _ => found.retain(|address| {
                    let reach = Reach::of(address.ip());
                    reach == Reach::Everybody || reach as u8 == own.load(Ordering::Relaxed)
                }),
            }
            if found.is_empty() {
                return Err(format!("{} has no address that it may lead to", name.as_str()).into());
            }
            let found: Addrs = Box::new(found.into_iter());
            Ok(found)
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_by_who_can_reach_it() {
        for (address, reach) in [
            ("140.82.121.6", Reach::Everybody),
            ("2606:50c0::1", Reach::Everybody),
            ("10.1.2.3", Reach::Network),
            ("172.31.0.1", Reach::Network),
            ("192.168.1.1", Reach::Network),
            ("100.64.0.1", Reach::Network),
            ("fd00::1", Reach::Network),
            ("169.254.169.254", Reach::Wire),
            ("::ffff:169.254.169.254", Reach::Wire),
            ("fe80::1", Reach::Wire),
            ("127.0.0.1", Reach::Machine),
            ("0.0.0.0", Reach::Machine),
            ("::1", Reach::Machine),
            ("::ffff:127.0.0.1", Reach::Machine),
        ] {
            assert_eq!(Reach::of(address.parse().unwrap()), reach, "{address}");
        }
        assert_eq!(Reach::of_url(&"http://[::1]:80/".parse().unwrap()), Some(Reach::Machine));
        // However it is written.
        assert_eq!(Reach::of_url(&"http://0x7f000001/".parse().unwrap()), Some(Reach::Machine));
    }

    #[tokio::test]
    async fn a_name_leads_to_no_address_of_this_machine() {
        let ask = async |api: &str| Resolver::new(&api.parse().unwrap()).resolve("localhost".parse().unwrap()).await;
        assert!(ask("https://api.github.com").await.is_err());
        assert!(ask("http://localhost:1").await.is_ok() && ask("http://127.0.0.1:1").await.is_ok());
    }
}
