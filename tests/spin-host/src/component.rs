//! A component, and its instances. As in Spin, one instance serves several requests.

use std::{
    collections::VecDeque,
    future::poll_fn,
    path::Path,
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
};

use http::{Request, Response};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::sync::oneshot;
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Result, Store, component::Linker};
use wasmtime_wasi_http::{
    Error, WasiBody, WasiHttpView,
    p3::{
        self,
        bindings::{Service, ServicePre},
    },
};

use crate::{
    bindings::spin::{redis::redis, variables::variables},
    manifest::{self, Manifest},
    state::{Around, Imports, State},
    stderr,
};

/// Requests that an instance serves before it is dropped: Spin's default.
pub const REQUESTS: u32 = 128;
/// Instances at once, of components within components as well: Spin's default.
const INSTANCES: u32 = 1000;
/// Bytes of an instance that stay in memory for the next one: Spin's defaults.
const KEPT_MEMORY: usize = 2 << 20;
const KEPT_TABLE: usize = 1 << 19;

/// A component, ready to be instantiated.
#[derive(Clone)]
pub struct Component(Arc<Shared>);

struct Shared {
    compiled: Compiled,
    settings: manifest::Component,
    around: Around,
    /// Instances between two requests; who waits longest is next.
    idle: Mutex<VecDeque<Instance>>,
}

/// What is the same whatever the settings are.
#[derive(Clone)]
struct Compiled {
    engine: Engine,
    instances: ServicePre<State>,
    /// Requests that an instance serves.
    most_requests: u32,
}

/// An instance.
struct Instance {
    store: Store<State>,
    service: Service,
    requests: u32,
}

impl Component {
    /// Loads a component of the manifest, with its dependencies in it.
    pub fn load(folder: &Path, name: &str, manifest: &Manifest, most_requests: u32, around: &Around) -> Self {
        let engine = Engine::new(&config()).unwrap();
        let file = folder.join(format!("spin-{name}.wasm"));
        let component = wasmtime::component::Component::from_file(&engine, &file)
            .unwrap_or_else(|error| panic!("{}: {error:?}; `cargo xtask build` makes it", file.display()));
        let instances = linker(&engine).and_then(|linker| ServicePre::new(linker.instantiate_pre(&component)?));
        let instances = instances.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        Self::of(Compiled { engine, instances, most_requests }, name, manifest, around)
    }

    /// The same with what another manifest says of it. Nothing is compiled again.
    pub fn again(&self, name: &str, manifest: &Manifest, around: &Around) -> Self {
        Self::of(self.0.compiled.clone(), name, manifest, around)
    }

    fn of(compiled: Compiled, name: &str, manifest: &Manifest, around: &Around) -> Self {
        let (settings, around) = (manifest.components[name].clone(), around.clone());
        Self(Arc::new(Shared { compiled, settings, around, idle: Mutex::default() }))
    }

    /// Answers a request.
    pub async fn answer(self, request: Request<Incoming>) -> Result<Response<WasiBody>> {
        let (answer, answered) = oneshot::channel();
        // A task of its own: the instance goes on after it answered, until the body is written.
        let run = tokio::spawn(async move { self.run(request, answer).await });
        match answered.await {
            Ok(response) => Ok(response),
            Err(_) => run.await?.and_then(|()| Err(wasmtime::format_err!("there was no answer"))),
        }
    }

    async fn instance(&self) -> Result<Instance> {
        let waiting = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        if let Some(instance) = waiting {
            return Ok(instance);
        }
        let Compiled { engine, instances, .. } = &self.0.compiled;
        let mut store = Store::new(engine, State::new(&self.0.settings, &self.0.around));
        // Time is no matter of this host's: nothing counts it up to there.
        store.set_epoch_deadline(u64::MAX / 2);
        self.0.around.instances.fetch_add(1, Ordering::SeqCst);
        let service = instances.instantiate_async(&mut store).await?;
        Ok(Instance { store, service, requests: 0 })
    }

    async fn run(&self, request: Request<Incoming>, answer: oneshot::Sender<Response<WasiBody>>) -> Result<()> {
        let mut instance = self.instance().await?;
        let Instance { store, service, requests } = &mut instance;
        *requests += 1;
        let request = request.map(|body| body.map_err(Error::from).boxed_unsync());
        let (request, received) = p3::Request::from_http(store.data_mut().http().hooks, request);
        let run = store.run_concurrent(async |accessor| {
            let response = match service.handle(accessor, request).await? {
                Ok(response) => accessor.with(|store| response.into_http(store, received))?,
                Err(code) => return Err(wasmtime::format_err!("the component answered with {code:?}")),
            };
            // Whoever asked may have gone.
            let _ = answer.send(response.map(|body| body.boxed_unsync()));
            poll_fn(|context| accessor.poll_no_interesting_tasks(context)).await;
            Ok(())
        });
        run.await??;
        if instance.requests < self.0.compiled.most_requests {
            self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).push_back(instance);
        }
        Ok(())
    }
}

/// How Spin has components compiled and instantiated: that is part of what a request costs.
fn config() -> Config {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(INSTANCES)
        .total_core_instances(4 * INSTANCES)
        .total_memories(INSTANCES)
        .total_tables(2 * INSTANCES)
        .total_stacks(INSTANCES)
        .max_core_instances_per_component(200)
        .max_memories_per_component(32)
        .max_tables_per_component(64)
        .max_component_instance_size(10 << 20)
        .max_core_instance_size(10 << 20)
        .table_elements(100_000)
        .linear_memory_keep_resident(KEPT_MEMORY)
        .table_keep_resident(KEPT_TABLE);
    let mut config = Config::new();
    config
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .epoch_interruption(true)
        .wasm_component_model_async(true);
    config
}

/// What Spin offers.
fn linker(engine: &Engine) -> Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    p3::add_to_linker(&mut linker)?;
    wasmtime_wasi::p3::clocks::add_to_linker(&mut linker)?;
    wasmtime_wasi::p3::random::add_to_linker(&mut linker)?;
    redis::add_to_linker::<_, Imports>(&mut linker, |state| state)?;
    variables::add_to_linker::<_, Imports>(&mut linker, |state| state)?;
    stderr::add_to_linker(&mut linker)?;
    Ok(linker)
}
