//! What the write side needs from outside.

use astlas_atlas::ports::{Events, Log};

/// What the read side needs, the events and the log.
pub trait Ports: astlas_query::Ports + Events + Log {}

impl<P: astlas_query::Ports + Events + Log> Ports for P {}
