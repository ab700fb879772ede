//! Requests and responses, over `wasi:http`.

use std::future::Future;

use astlas_http::{Body, Method, Problem, ProblemType, Request, Response};
use wit_bindgen::{FutureReader, StreamReader, StreamResult};

use crate::bindings::{
    wasi::http::types::{self, ErrorCode, Fields, Trailers},
    wit_future, wit_stream,
};

/// How much of a body is read at once, in bytes.
const PART: usize = 64 << 10;

/// Answers a request by a portable function.
pub async fn answer<F: Future<Output = Response>>(
    request: types::Request,
    function: impl FnOnce(Request<Incoming>) -> F,
) -> Result<types::Response, ErrorCode> {
    let method = match request.get_method() {
        types::Method::Get => Some(Method::Get),
        types::Method::Post => Some(Method::Post),
        types::Method::Put => Some(Method::Put),
        types::Method::Delete => Some(Method::Delete),
        _ => None,
    };
    let target = request.get_path_with_query().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let (path, query) = (path.to_owned(), query.to_owned());
    let header = |(name, value): (String, Vec<u8>)| Some((name.to_ascii_lowercase(), String::from_utf8(value).ok()?));
    let headers = request.get_headers().copy_all().into_iter().filter_map(header).collect();
    send(function(Request { method, path, query, headers, body: Incoming::of(request) }).await)
}

/// The body of a request.
pub struct Incoming {
    parts: StreamReader<u8>,
    end: Option<FutureReader<Result<Option<Trailers>, ErrorCode>>>,
}

impl Incoming {
    fn of(request: types::Request) -> Self {
        let (_, read) = wit_future::new(|| Ok(()));
        let (parts, end) = types::Request::consume_body(request, read);
        Self { parts, end: Some(end) }
    }
}

impl Body for Incoming {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        let (status, part) = self.parts.read(Vec::with_capacity(PART)).await;
        if !part.is_empty() {
            return Ok(Some(part));
        }
        if status != StreamResult::Dropped {
            return Ok(Some(part));
        }
        // A connection that broke off ends the stream as well; only here it is told.
        match self.end.take() {
            None => Ok(None),
            Some(end) => {
                match end.await {
                    Ok(_) => Ok(None),
                    Err(ErrorCode::HttpRequestBodySize(_)) => Err(ProblemType::ContentTooLarge
                        .with("the body is longer than this service takes; send less at once")),
                    Err(error) => Err(ProblemType::BodyCutShort.with(format!("{error:?}; send it again"))),
                }
            }
        }
    }
}

fn send(response: Response) -> Result<types::Response, ErrorCode> {
    let internal = |error: String| ErrorCode::InternalError(Some(error));
    let Response { status, headers, body } = response;
    let mut fields: Vec<(String, Vec<u8>)> =
        headers.into_iter().map(|(name, value)| (name.to_owned(), value.into_bytes())).collect();
    if status != 204 {
        // A body whose length is known cannot be taken for whole when it is not.
        fields.push(("content-length".to_owned(), body.len().to_string().into_bytes()));
    }
    let fields = Fields::from_list(&fields).map_err(|error| internal(error.to_string()))?;
    let (mut contents, stream) = wit_stream::new();
    let (trailers, no_trailers) = wit_future::new(|| Ok(None));
    let (response, _) = types::Response::new(fields, Some(stream), no_trailers);
    response.set_status_code(status).map_err(|()| internal(format!("{status} is no status")))?;
    // Written after the head is sent.
    wit_bindgen::spawn_local(async move {
        contents.write_all(body).await;
        drop(contents);
        drop(trailers);
    });
    Ok(response)
}
