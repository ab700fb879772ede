//! For tests: a small host that runs the application of `spin.toml` and offers it what Spin does: Redis, variables, HTTP
//! in and out, clocks, randomness, stderr. Nothing of the program is in it.
//!
//! Spin composes a component with its dependencies when it starts. Here that was done beforehand
//! (`cargo xtask build`): component `X` of the manifest is `target/components/spin-X.wasm`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "used by tests only")]

mod bindings;
mod component;
mod manifest;
mod outbound;
mod redis;
mod state;
mod stderr;

use std::{
    collections::BTreeMap,
    convert::Infallible,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::{Arc, atomic::Ordering},
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use tokio::{net::TcpListener, runtime::Runtime};
use wasmtime_wasi_http::WasiBody;

use component::Component;
pub use component::REQUESTS;
pub use manifest::{Dependency, Manifest};
use state::Around;

/// An application that is served until this is dropped.
pub struct Host {
    address: SocketAddr,
    /// As it was read, without values.
    manifest: Manifest,
    application: Arc<Application>,
    around: Around,
    _runtime: Runtime,
}

/// Its components, by name.
struct Application {
    manifest: Manifest,
    components: BTreeMap<String, Component>,
}

impl Host {
    /// Serves the application of a manifest on a free port, with these values of variables.
    pub fn start(manifest: &Path, values: &[(&str, &str)]) -> Self {
        let folder = manifest.parent().unwrap().join("target/components");
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self::with(Manifest::read(manifest), values, anywhere, Around::default(), |name, manifest, around| {
            Component::load(&folder, name, manifest, REQUESTS, around)
        })
    }

    /// Serves the application of a manifest, of components in a folder, at an address. An instance is dropped after so many
    /// requests.
    pub fn serve(
        manifest: Manifest,
        values: &[(&str, &str)],
        folder: &Path,
        listen: SocketAddr,
        requests: u32,
    ) -> Self {
        Self::with(manifest, values, listen, Around::default(), |name, manifest, around| {
            Component::load(folder, name, manifest, requests, around)
        })
    }

    /// Serves the same application beside this one, with other values. Nothing is compiled again. Of `stand_ins`, each is
    /// an address, and the host and port that answer for it, without TLS.
    pub fn again(&self, values: &[(&str, &str)], stand_ins: &[(&str, &str)]) -> Self {
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let owned = |(address, host): &(&str, &str)| ((*address).to_owned(), (*host).to_owned());
        let around = Around { stand_ins: Arc::new(stand_ins.iter().map(owned).collect()), ..Around::default() };
        Self::with(self.manifest.clone(), values, anywhere, around, |name, manifest, around| {
            self.application.components[name].again(name, manifest, around)
        })
    }

    fn with(
        manifest: Manifest,
        values: &[(&str, &str)],
        listen: SocketAddr,
        around: Around,
        component: impl Fn(&str, &Manifest, &Around) -> Component,
    ) -> Self {
        let runtime = Runtime::new().unwrap();
        let resolved = manifest.clone().resolved(values);
        let names = resolved.components.keys();
        let components = names.map(|name| (name.clone(), component(name, &resolved, &around))).collect();
        let application = Arc::new(Application { manifest: resolved, components });
        let listener = runtime.block_on(TcpListener::bind(listen)).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(serve(listener, application.clone()));
        Self { address, manifest, application, around, _runtime: runtime }
    }

    /// Where it is: what stands in front of every path.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What its components wrote to stderr so far.
    pub fn log(&self) -> String {
        self.around.log.text()
    }

    /// How many instances there have been of its components.
    pub fn instances(&self) -> usize {
        self.around.instances.load(Ordering::SeqCst)
    }
}

async fn serve(listener: TcpListener, application: Arc<Application>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let application = application.clone();
        tokio::spawn(async move {
            let service = hyper::service::service_fn(|request| answer(application.clone(), request));
            let connection = auto::Builder::new(TokioExecutor::new());
            // Whoever asked may have gone.
            let _ = connection.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(application: Arc<Application>, request: Request<Incoming>) -> Result<Response<WasiBody>, Infallible> {
    let Some(name) = application.manifest.component_at(request.uri().path()) else {
        return Ok(short(StatusCode::NOT_FOUND));
    };
    let answered = application.components[name].clone().answer(request).await;
    Ok(answered.unwrap_or_else(|error| {
        eprintln!("{name}: {error:?}");
        short(StatusCode::INTERNAL_SERVER_ERROR)
    }))
}

/// An answer of the host's own.
fn short(status: StatusCode) -> Response<WasiBody> {
    let body = Full::new(Bytes::new()).map_err(|never| match never {}).boxed_unsync();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}
