//! What the store of an instance holds.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicUsize},
};

use wasmtime::{
    Result,
    component::{Accessor, HasData, ResourceTable},
};
use wasmtime_wasi::{
    clocks::{WasiClocksCtx, WasiClocksCtxView, WasiClocksView},
    random::{WasiRandomCtx, WasiRandomView},
};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::{
    bindings::spin::variables::variables::{self, Error},
    manifest,
    outbound::Outbound,
    stderr::Log,
};

/// What an application runs in.
#[derive(Clone, Default)]
pub struct Around {
    /// What its components write to stderr.
    pub log: Log,
    /// Addresses, and the hosts and ports that answer for them, without TLS.
    pub stand_ins: Arc<BTreeMap<String, String>>,
    /// How many instances there have been.
    pub instances: Arc<AtomicUsize>,
}

/// The state of an instance.
pub struct State {
    variables: Arc<BTreeMap<String, String>>,
    pub table: ResourceTable,
    pub outbound: Outbound,
    pub log: Log,
    http: WasiHttpCtx,
    clocks: WasiClocksCtx,
    random: WasiRandomCtx,
}

impl State {
    pub fn new(component: &manifest::Component, around: &Around) -> Self {
        Self {
            variables: Arc::new(component.variables.clone()),
            table: ResourceTable::new(),
            outbound: Outbound::new(&component.allowed_outbound_hosts, &around.stand_ins),
            log: around.log.clone(),
            http: WasiHttpCtx::new(),
            clocks: WasiClocksCtx::default(),
            random: WasiRandomCtx::default(),
        }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { hooks: &mut self.outbound, table: &mut self.table, ctx: &mut self.http }
    }
}

impl WasiClocksView for State {
    fn clocks(&mut self) -> WasiClocksCtxView<'_> {
        WasiClocksCtxView { ctx: &mut self.clocks, table: &mut self.table }
    }
}

impl WasiRandomView for State {
    fn random(&mut self) -> &mut WasiRandomCtx {
        &mut self.random
    }
}

/// The state, as what implements Spin's interfaces.
pub struct Imports;

impl HasData for Imports {
    type Data<'a> = &'a mut State;
}

impl variables::Host for State {}

impl<T: Send + 'static> variables::HostWithStore<T> for Imports {
    async fn get(store: &Accessor<T, Self>, name: String) -> Result<Result<String, Error>> {
        let variables = store.with(|mut access| access.get().variables.clone());
        Ok(variables.get(&name).cloned().ok_or(Error::Undefined(name)))
    }
}
