//! What the store of an instance holds, most of it for one request.

use std::sync::Arc;

use astlas_capabilities::cache::Claim;
use tracing::Span;
use wasmtime::component::{HasData, ResourceTable};
use wasmtime_wasi_http::{
    Error as HttpError, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
};

use crate::{
    Shared,
    admission::{Admission, Coming, Exceeded},
    memory::Memory,
    scope::Scope,
};

/// The state of an instance.
pub struct State {
    pub shared: Arc<Shared>,
    /// Whose requests these are. It never changes: an instance is one tenant's.
    pub scope: Scope,
    /// What is done for the request is below it.
    pub span: Span,
    pub memory: Memory,
    /// Values that the request is to make. Those that it did not are the next one's turn when this is dropped.
    pub claims: Vec<Claim>,
    /// What else has to be given back when the request is over.
    pub held: Held,
    table: ResourceTable,
    http: WasiHttpCtx,
    closed: Closed,
}

impl State {
    pub fn new(shared: Arc<Shared>, scope: Scope, span: Span) -> Self {
        Self {
            shared: shared.clone(),
            scope: scope.clone(),
            span,
            memory: shared.memories.instance(scope.name()),
            claims: vec![],
            held: Held::new(shared.clone(), scope),
            table: ResourceTable::new(),
            http: WasiHttpCtx::new(),
            closed: Closed,
        }
    }
}

impl State {
    /// Ends what was for one request, and begins what is for the next.
    pub fn begin(&mut self, span: Span) {
        self.span = span;
        self.claims.clear();
        self.held = Held::new(self.shared.clone(), self.scope.clone());
    }
}

/// What a request costs beside its call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Bytes parsed.
    pub parsed: u64,
    /// Bytes that were put among the blobs.
    pub stored: u64,
    /// Whether some were taken away, or replaced.
    pub is_less: bool,
}

/// What is left to do when a request is over, however it ended: locks and uploads that it did not end by itself are given
/// back, and what it cost is charged.
pub struct Held {
    shared: Arc<Shared>,
    scope: Scope,
    /// With what each was taken.
    pub locks: Vec<(String, String)>,
    pub uploads: Vec<Upload>,
    pub used: Used,
    /// What of the tenant's quotas is reserved for it.
    pub reserved: Coming,
}

/// A value that is on its way in.
pub struct Upload {
    pub id: String,
    /// What it becomes.
    pub name: String,
}

impl Held {
    fn new(shared: Arc<Shared>, scope: Scope) -> Self {
        Self { shared, scope, locks: vec![], uploads: vec![], used: Used::default(), reserved: Coming::default() }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let (locks, uploads) = (std::mem::take(&mut self.locks), std::mem::take(&mut self.uploads));
        let used = self.used;
        let reserved = self.reserved;
        if locks.is_empty() && uploads.is_empty() && used == Used::default() && reserved == Coming::default() {
            return;
        }
        // Without a runtime the process ends, and locks do by themselves.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (shared, scope) = (self.shared.clone(), self.scope.clone());
        runtime.spawn(async move {
            Admission::charge(&shared, &scope, used).await;
            shared.admission.release(&scope, reserved);
            shared.capabilities.cache.give_back(&locks).await;
            for upload in uploads {
                shared.capabilities.blobs.abandon(&upload.id).await;
            }
        });
    }
}

impl State {
    /// Sees to it that so much more is within the tenant's quotas.
    pub async fn reserve(&mut self, more: Coming) -> Result<(), Exceeded> {
        self.held.reserved.add(more);
        self.shared.admission.reserve(&self.scope, more).await
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
