//! A tenant: what it asks for at random in two requests at once, and what it must find.

use std::sync::Arc;

use wasmtime::Engine;

use super::{Mix, REQUESTS, blobs, cache, events, request::Request, tally::Tally};
use crate::{Shared, scope::Scope, scope::names::Names};

pub struct Tenant {
    pub scope: Scope,
    requests: [Request; REQUESTS],
    cache: cache::Model,
    pub blobs: blobs::Model,
    pub events: events::Model,
    names: Names,
    mix: Mix,
    number: u32,
    pub tally: Tally,
}

impl Tenant {
    pub fn new(name: &str, seed: u64, mix: Mix, engine: &Engine, shared: &Arc<Shared>) -> Self {
        let scope = Scope::new(&name.parse().unwrap());
        Self {
            requests: std::array::from_fn(|_| Request::new(engine, shared, &scope)),
            scope,
            cache: cache::Model::default(),
            blobs: blobs::Model::default(),
            events: events::Model::default(),
            names: Names::new(seed),
            mix,
            number: 0,
            tally: Tally::default(),
        }
    }

    /// Does something. Of uploads, these are known to all.
    pub async fn step(&mut self, uploads: &[String]) {
        self.number += 1;
        let Self { requests, cache, blobs, events, names, tally, .. } = self;
        let at = names.random.usize(..REQUESTS);
        let request = &mut requests[at];
        // Says whose it is: should another one find it, it is seen.
        let value = format!("{} {}", self.scope.tenant(), self.number);
        let Mix { cache: often, blobs: less, events: seldom } = self.mix;
        match names.random.u32(..often + less + seldom) {
            it if it < often => cache.step(request, at, value, names, tally).await,
            it if it < often + less => blobs.step(request, at, value, names, uploads, tally).await,
            _ => events.step(request, names, tally).await,
        }
    }

    /// One of its requests ends, and another one begins: in the same instance or a new one. What the first one held is
    /// given back, which `is_given_back` waits for.
    pub async fn end(&mut self, engine: &Engine, shared: &Arc<Shared>, is_given_back: impl AsyncFnOnce()) {
        let at = self.names.random.usize(..REQUESTS);
        let (given, uploads) = (self.cache.end(at), self.blobs.end(at));
        let request = &mut self.requests[at];
        match self.names.random.bool() {
            true => request.begin(),
            false => *request = Request::new(engine, shared, &self.scope),
        }
        is_given_back().await;
        self.cache.take_again(request, at, given, &mut self.tally).await;
        blobs::Model::are_gone(shared, uploads, &mut self.tally).await;
    }

    /// Asks the host itself whether there is what must be.
    pub async fn check(&self, shared: &Shared) {
        self.cache.check(shared, &self.scope).await;
    }
}
