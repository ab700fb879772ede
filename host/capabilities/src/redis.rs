//! The way to a Redis, for other parts of the host that share something over one: a server, a cluster, or what sentinels
//! watch, and a connection that never keeps anybody waiting for a Redis that is gone.

pub use crate::cache::redis::{Address, Connection, Link};
