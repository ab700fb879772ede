//! Requests that go out: to the hosts that the manifest names, without TLS, for servers in tests have none.

use std::sync::Arc;

use http::{Request, Response, Uri, uri::Scheme};
use http_body_util::BodyExt;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

/// Where the component may connect to.
pub struct Outbound(Arc<[String]>);

/// What a client is sent, and when it was.
type Sent = Result<(Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>), Error>;

impl Outbound {
    pub fn new(allowed: &[String]) -> Self {
        Self(allowed.into())
    }

    /// Whether this address is one of them: scheme, host and port.
    pub fn allows(&self, address: &str) -> bool {
        let origin = |address: &str| {
            let (scheme, rest) = address.split_once("://")?;
            let authority = rest.split('/').next()?;
            let host = authority.rsplit('@').next()?;
            Some((scheme.to_owned(), host.to_owned()))
        };
        origin(address).is_some_and(|asked| self.0.iter().any(|allowed| origin(allowed) == Some(asked.clone())))
    }
}

impl WasiHttpHooks for Outbound {
    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        _options: Option<RequestOptions>,
        _sent: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Sent> + Send> {
        let is_allowed = self.allows(&request.uri().to_string());
        Box::new(async move { if is_allowed { send(request).await } else { Err(Error::HttpRequestDenied) } })
    }
}

async fn send(mut request: Request<WasiBody>) -> Sent {
    let authority = request.uri().authority().cloned().ok_or(Error::HttpRequestUriInvalid)?;
    if request.uri().scheme() != Some(&Scheme::HTTP) {
        return Err(Error::HttpRequestUriInvalid);
    }
    let port = authority.port_u16().unwrap_or(80);
    let stream = TcpStream::connect((authority.host(), port)).await.map_err(Error::Connect)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = path.parse::<Uri>().map_err(|_| Error::HttpRequestUriInvalid)?;
    if let Ok(host) = http::HeaderValue::from_str(authority.as_str()) {
        request.headers_mut().insert(http::header::HOST, host);
    }
    // The connection is worked on beside what reads from it.
    tokio::spawn(connection);
    let response = sender.send_request(request).await?;
    Ok((response.map(|body| body.map_err(Error::from).boxed_unsync()), Box::new(std::future::ready(Ok(())))))
}
