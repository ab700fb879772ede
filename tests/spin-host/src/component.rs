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
use wasmtime::{Config, Engine, Result, Store, component::Linker};
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
const REQUESTS: u32 = 128;

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
}

/// An instance.
struct Instance {
    store: Store<State>,
    service: Service,
    requests: u32,
}

impl Component {
    /// Loads a component of the manifest, with its dependencies in it.
    pub fn load(folder: &Path, name: &str, manifest: &Manifest, around: &Around) -> Self {
        let mut config = Config::new();
        config.wasm_component_model_async(true);
        let engine = Engine::new(&config).unwrap();
        let file = folder.join(format!("spin-{name}.wasm"));
        let component = wasmtime::component::Component::from_file(&engine, &file)
            .unwrap_or_else(|error| panic!("{}: {error:?}; `cargo xtask build` makes it", file.display()));
        let instances = linker(&engine).and_then(|linker| ServicePre::new(linker.instantiate_pre(&component)?));
        let instances = instances.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        Self::of(Compiled { engine, instances }, name, manifest, around)
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
        let Compiled { engine, instances } = &self.0.compiled;
        let mut store = Store::new(engine, State::new(&self.0.settings, &self.0.around));
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
        if instance.requests < REQUESTS {
            self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).push_back(instance);
        }
        Ok(())
    }
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
