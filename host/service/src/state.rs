//! What the store of one request holds.

use std::sync::Arc;

use astlas_capabilities::cache::Claim;
use tracing::Span;
use wasmtime::{
    StoreLimits, StoreLimitsBuilder,
    component::{HasData, ResourceTable},
};
use wasmtime_wasi_http::{
    Error as HttpError, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
};

use crate::Shared;

/// The state of one request.
pub struct State {
    pub shared: Arc<Shared>,
    /// What is done for the request is below it.
    pub span: Span,
    pub limits: StoreLimits,
    /// Values that the request is to make. Those that it did not are the next one's turn when this is dropped.
    pub claims: Vec<Claim>,
    /// What else has to be given back when the request is over.
    pub held: Held,
    table: ResourceTable,
    http: WasiHttpCtx,
    closed: Closed,
}

impl State {
    pub fn new(shared: Arc<Shared>, span: Span) -> Self {
        Self {
            shared: shared.clone(),
            span,
            limits: StoreLimitsBuilder::new().memory_size(astlas_engine::config::MEMORY_LIMIT).build(),
            claims: vec![],
            held: Held { shared: shared.clone(), locks: vec![], uploads: vec![] },
            table: ResourceTable::new(),
            http: WasiHttpCtx::new(),
            closed: Closed,
        }
    }
}

/// Locks and uploads of a request that were not ended by itself.
pub struct Held {
    shared: Arc<Shared>,
    pub locks: Vec<String>,
    pub uploads: Vec<String>,
}

impl Drop for Held {
    fn drop(&mut self) {
        let (locks, uploads) = (std::mem::take(&mut self.locks), std::mem::take(&mut self.uploads));
        if locks.is_empty() && uploads.is_empty() {
            return;
        }
        // Without a runtime the process ends, and locks do by themselves.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let shared = self.shared.clone();
        runtime.spawn(async move {
            shared.capabilities.cache.remove(&locks).await;
            for upload in uploads {
                shared.capabilities.blobs.abandon(&upload).await;
            }
        });
    }
}

/// The state, as what implements the imports.
pub struct Imports;

impl HasData for Imports {
    type Data<'a> = &'a mut State;
}

/// A function has no client. Should it come by one, nothing goes out.
struct Closed;

/// What a client would be sent, and when it was.
type Sent = Result<(http::Response<WasiBody>, Box<dyn Future<Output = Result<(), HttpError>> + Send>), HttpError>;

impl WasiHttpHooks for Closed {
    fn send_request(
        &mut self,
        _request: http::Request<WasiBody>,
        _options: Option<RequestOptions>,
        _sent: Box<dyn Future<Output = Result<(), HttpError>> + Send>,
    ) -> Box<dyn Future<Output = Sent> + Send> {
        Box::new(std::future::ready(Err(HttpError::HttpRequestDenied)))
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { hooks: &mut self.closed, table: &mut self.table, ctx: &mut self.http }
    }
}
