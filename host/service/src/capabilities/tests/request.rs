//! A request, as the host sees it: a store with its state, and what its component imports. There is no component: the
//! functions that it would call are called themselves.

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;
use tracing::Span;
use wasmtime::{Engine, Result, Store, component::Accessor};

use crate::{
    Shared,
    scope::Scope,
    state::{Imports, State},
};

/// Nothing waits as long, but for somebody who is not to be waited for.
const LONGEST: Duration = Duration::from_secs(60);

pub struct Request(Store<State>);

impl Request {
    pub fn new(engine: &Engine, shared: &Arc<Shared>, scope: &Scope) -> Self {
        Self(Store::new(engine, State::new(shared.clone(), scope.clone(), Span::none())))
    }

    /// The instance goes on with another request.
    pub fn begin(&mut self) {
        self.0.data_mut().begin(Span::none());
    }

    /// Calls something that is imported.
    pub async fn call<T>(&mut self, call: impl AsyncFnOnce(&Accessor<State, Imports>) -> Result<T>) -> T {
        let run = self.0.run_concurrent(async |accessor| {
            let imports = accessor.with_getter::<Imports>(|state| state);
            call(&imports).await
        });
        timeout(LONGEST, run).await.unwrap().unwrap().unwrap()
    }
}
