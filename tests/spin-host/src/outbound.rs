//! Requests that go out: to the hosts that the manifest names, without TLS, for servers in tests have none.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use http::{Request, Response, Uri, uri::Scheme};
use http_body_util::BodyExt;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

/// Where the component may connect to.
pub struct Outbound {
    allowed: Arc<[String]>,
    stand_ins: Arc<BTreeMap<String, String>>,
}

/// What a client is sent, and when it was.
type Sent = Result<(Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>), Error>;

impl Outbound {
    pub fn new(allowed: &[String], stand_ins: &Arc<BTreeMap<String, String>>) -> Self {
        Self { allowed: allowed.into(), stand_ins: stand_ins.clone() }
    }

    /// Whether this address is one of them: scheme, host and port.
    pub fn allows(&self, address: &str) -> bool {
        let origin = |address: &str| {
            let (scheme, rest) = address.split_once("://")?;
            let authority = rest.split('/').next()?;
            let host = authority.rsplit('@').next()?;
            Some((scheme.to_owned(), host.to_owned()))
        };
        origin(address).is_some_and(|asked| self.allowed.iter().any(|allowed| origin(allowed) == Some(asked.clone())))
    }
}

impl WasiHttpHooks for Outbound {
    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
        _sent: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Sent> + Send> {
        let is_allowed = self.allows(&request.uri().to_string());
        let origin = request.uri().scheme_str().zip(request.uri().authority());
        let origin = origin.map(|(scheme, authority)| format!("{scheme}://{authority}")).unwrap_or_default();
        let stand_in = self.stand_ins.get(&origin).cloned();
        Box::new(async move {
            // Without one, whoever asks might wait forever.
            let limits =
                options.and_then(|it| it.connect_timeout.zip(it.first_byte_timeout).zip(it.between_bytes_timeout));
            let Some(((connect, first_byte), _)) = limits else {
                return Err(Error::InternalError(Some("a request without time limits".into())));
            };
            if !is_allowed {
                return Err(Error::HttpRequestDenied);
            }
            send(request, stand_in, connect, first_byte).await
        })
    }
}

async fn send(
    mut request: Request<WasiBody>,
    stand_in: Option<String>,
    connect: Duration,
    first_byte: Duration,
) -> Sent {
    let authority = request.uri().authority().cloned().ok_or(Error::HttpRequestUriInvalid)?;
    if request.uri().scheme() != Some(&Scheme::HTTP) && stand_in.is_none() {
        return Err(Error::HttpRequestUriInvalid);
    }
    let host = stand_in.unwrap_or_else(|| format!("{}:{}", authority.host(), authority.port_u16().unwrap_or(80)));
    let stream = timeout(connect, TcpStream::connect(host)).await.map_err(|_| Error::ConnectionTimeout)?;
    let stream = stream.map_err(Error::Connect)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = path.parse::<Uri>().map_err(|_| Error::HttpRequestUriInvalid)?;
    if let Ok(host) = http::HeaderValue::from_str(authority.as_str()) {
        request.headers_mut().insert(http::header::HOST, host);
    }
    // The connection is worked on beside what reads from it.
    tokio::spawn(connection);
    let response =
        timeout(first_byte, sender.send_request(request)).await.map_err(|_| Error::ConnectionReadTimeout)??;
    Ok((response.map(|body| body.map_err(Error::from).boxed_unsync()), Box::new(std::future::ready(Ok(())))))
}
